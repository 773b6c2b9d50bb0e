import { createParamDecorator, Injectable, SetMetadata, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import { currentContext, preferLocale } from '#libs/context/request-context.js';
import { AppError } from '#libs/errors/app-error.js';
import { commonErrors } from '#libs/errors/common-errors.js';
import type { Actor } from '#libs/authz/actor.js';
import { TokenStrategy } from './token.strategy.js';

/** Who may call a handler at all; rows and fields are the service's to decide. */
export type AccessMarker =
  | { readonly kind: 'public' }
  | { readonly kind: 'signedIn' }
  | { readonly kind: 'can'; readonly action: string; readonly subject: string };
export const accessMarker = Symbol('access marker');

/** Anybody, signed in or not. */
export const Public = () => SetMetadata(accessMarker, { kind: 'public' } satisfies AccessMarker);
/** Any account. */
export const SignedIn = () => SetMetadata(accessMarker, { kind: 'signedIn' } satisfies AccessMarker);
/** Whoever has some rule that allows the action on the subject. */
export const Can = (action: string, subject: string) =>
  SetMetadata(accessMarker, { kind: 'can', action, subject } satisfies AccessMarker);

interface AuthenticatedRequest {
  readonly headers: { readonly authorization?: string };
  actor?: Actor;
}
/** The request behind a REST handler or a GraphQL resolver, whose context carries it as `req`. */
export function requestOf(context: ExecutionContext): AuthenticatedRequest {
  return context.getType<string>() === 'graphql'
    ? context.getArgByIndex<{ req: AuthenticatedRequest }>(2).req
    : context.switchToHttp().getRequest<AuthenticatedRequest>();
}

/** Authenticates, and denies every handler that carries no marker. */
@Injectable()
export class AccessGuard extends AuthGuard() {
  constructor(
    private readonly reflector: Reflector,
    private readonly strategy: TokenStrategy,
  ) {
    super({
      property: 'actor',
      // The strategy itself and not its name: names are kept for the whole process, and so would be the last application's.
      // A copy of it each time: Passport writes the callbacks of the request onto what it is given, and from a shared
      // strategy a request gets the answer, and so the actor, of whichever came last.
      get defaultStrategy() {
        return Object.create(strategy) as never;
      },
    });
  }
  override canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const marker = this.reflector.getAllAndOverride<AccessMarker | undefined>(accessMarker, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (!marker) throw new AppError(commonErrors.FORBIDDEN, { privateDetail: 'the handler carries no access marker' });
    const request = requestOf(context);
    request.actor ??= this.strategy.remembered(request.headers.authorization);
    if (request.actor) return admit(request.actor, marker);
    return this.authenticate(context, request, marker);
  }
  private async authenticate(context: ExecutionContext, request: AuthenticatedRequest, marker: AccessMarker) {
    await super.canActivate(context);
    return admit(request.actor!, marker);
  }
  override getRequest(context: ExecutionContext): unknown {
    return requestOf(context);
  }
  getResponse(): unknown {
    return {};
  }
  override handleRequest<T>(error: unknown, user: T | false): T {
    if (error) throw error as Error;
    if (!user) throw new AppError(commonErrors.UNAUTHENTICATED);
    return user;
  }
}

function admit(actor: Actor, marker: AccessMarker): true {
  const store = currentContext();
  if (store) {
    store.principal = actor.principal;
    if (actor.locale) preferLocale(store, actor.locale);
  }
  if (marker.kind === 'signedIn') actor.requireId();
  if (marker.kind === 'can' && !actor.mayEver(marker.action, marker.subject)) throw actor.refusal();
  return true;
}

/** The actor of the request: the first parameter of every use case. */
export const Who = createParamDecorator((_: unknown, context: ExecutionContext) => requestOf(context).actor);
