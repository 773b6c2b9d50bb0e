import { createParamDecorator, Injectable, SetMetadata, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import { currentContext, preferLocale } from '#libs/context/request-context.js';
import { AppError } from '#libs/errors/app-error.js';
import { commonErrors } from '#libs/errors/common-errors.js';
import { defineAction } from '#libs/authz/actions.js';
import type { Actor } from '#libs/authz/actor.js';
import { Refusals } from './refusals.js';
import { TokenStrategy } from './token.strategy.js';

/** Who may call a handler at all; rows and fields are the service's to decide. */
export type AccessMarker =
  | { readonly kind: 'public' }
  | { readonly kind: 'signedIn'; readonly action: string; readonly subject: string }
  | { readonly kind: 'can'; readonly action: string; readonly subject: string };
export const accessMarker = Symbol('access marker');

/** Anybody, signed in or not. */
export const Public = () => SetMetadata(accessMarker, { kind: 'public' } satisfies AccessMarker);
/**
 * Any account, whose token has the scope for the action on the subject; where none is named, that for everything. A
 * service that acts in its own name has no account.
 */
export const SignedIn = (action = 'manage', subject = 'all') => {
  defineAction(action, subject);
  return SetMetadata(accessMarker, { kind: 'signedIn', action, subject } satisfies AccessMarker);
};
/** Whoever has some rule that allows the action on the subject. */
export const Can = (action: string, subject: string) => {
  defineAction(action, subject);
  return SetMetadata(accessMarker, { kind: 'can', action, subject } satisfies AccessMarker);
};

interface AuthenticatedRequest {
  readonly method?: string;
  readonly headers: { readonly authorization?: string };
  actor?: Actor;
}
/** The request behind a REST handler or a GraphQL resolver, whose context carries it as `req`. */
export function requestOf(context: ExecutionContext): AuthenticatedRequest {
  return context.getType<string>() === 'graphql'
    ? context.getArgByIndex<{ req: AuthenticatedRequest }>(2).req
    : context.switchToHttp().getRequest<AuthenticatedRequest>();
}

/** Whether the handler may change something: any mutation, and any method but the safe ones (RFC 9110 §9.2.1). */
function mayChange(context: ExecutionContext, { method }: AuthenticatedRequest): boolean {
  if (context.getType<string>() !== 'graphql') return method !== 'GET' && method !== 'HEAD';
  return context.getArgByIndex<{ operation?: { operation?: string } } | undefined>(3)?.operation?.operation !== 'query';
}

/** Authenticates, and denies every handler that carries no marker. */
@Injectable()
export class AccessGuard extends AuthGuard() {
  constructor(
    private readonly reflector: Reflector,
    private readonly strategy: TokenStrategy,
    private readonly refusals: Refusals,
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
    if (request.actor) return this.admit(request.actor, marker, context, request);
    return this.authenticate(context, request, marker);
  }
  private async authenticate(context: ExecutionContext, request: AuthenticatedRequest, marker: AccessMarker) {
    await super.canActivate(context);
    return this.admit(request.actor!, marker, context, request);
  }
  private admit(actor: Actor, marker: AccessMarker, context: ExecutionContext, request: AuthenticatedRequest): true {
    const store = currentContext();
    if (store) {
      store.principal = actor.principal;
      if (actor.actedBy !== undefined) store.actedBy = `user:${actor.actedBy}`;
      if (actor.locale) preferLocale(store, actor.locale);
    }
    // Whatever the handler's marker says: what only reads by its rights could still write by mistake.
    if (actor.isReadOnly && mayChange(context, request)) throw new AppError(commonErrors.ACTING_IS_READ_ONLY);
    this.requireMarked(actor, marker);
    return true;
  }
  /** What the marker asks of the actor, also for fields below the one that the guard admitted it to. */
  requireMarked(actor: Actor, marker: AccessMarker): void {
    if (marker.kind === 'signedIn') {
      actor.requireId();
      actor.requireScope(marker.action, marker.subject);
    }
    if (marker.kind === 'can' && !actor.mayEver(marker.action, marker.subject)) {
      this.refusals.tell(actor, marker.action, marker.subject);
      throw actor.refusal(marker.action, marker.subject);
    }
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

/** The actor of the request: the first parameter of every use case. */
export const Who = createParamDecorator((_: unknown, context: ExecutionContext) => requestOf(context).actor);
