import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { Provider, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import { hashOf, type IssuerState } from './issuer-state.js';
import { REPEATED } from './state-adapter.js';

/** Seconds in which a client that did not get the answer may repeat a refresh. */
const grace = 20;

type Context = KoaContextWithOIDC & { [REPEATED]?: string };
type Handler = (ctx: Context) => Promise<void> | void;
/** What the handlers leave behind on success. */
interface TokenAnswer {
  refresh_token?: string;
}
/** Both in the transaction in which tokens are made. */
export interface FamilyHooks {
  /** Before: whose code or refresh token it is. */
  readonly grantKnown: (ctx: KoaContextWithOIDC, grantId: string) => Promise<void>;
  readonly tokensMade: (ctx: KoaContextWithOIDC) => Promise<void>;
}

const models = { authorization_code: 'AuthorizationCode', refresh_token: 'RefreshToken' } as const;
type FamilyGrant = keyof typeof models;

/**
 * Codes and refresh tokens are used in one transaction each, one at a time for all that came of the same grant. A refresh
 * that is repeated before its successor was used, by the same client with the same key, is answered with that successor
 * again and a fresh access token: on a bad network the first answer may be lost, and its client would be signed out.
 */
export class FamilyProvider extends Provider {
  /** Waiting for the same token must not hold a connection of the pool: one at a time in this process. */
  private readonly turns = new Map<string, Promise<unknown>>();

  constructor(
    issuer: string,
    configuration: Configuration,
    private readonly state: IssuerState,
    private readonly hooks: FamilyHooks,
  ) {
    super(issuer, configuration);
  }
  // Called by the constructor above for every grant type that comes with the library.
  override registerGrantType(name: string, handler: never, ...more: never[]): void {
    const isFamily = name in models;
    const wrapped: Handler = (ctx) => this.inTurn(name as FamilyGrant, handler, ctx);
    super.registerGrantType(name, isFamily ? (wrapped as never) : handler, ...more);
  }
  private async inTurn(name: FamilyGrant, handler: Handler, ctx: Context): Promise<void> {
    const token = presentedIn(name, ctx);
    // What is missing or twice there is for the handler to refuse.
    if (token === undefined) return handler(ctx);
    const key = hashOf(token);
    const before = this.turns.get(key) ?? Promise.resolve();
    const mine = before.then(() => this.inTransaction(name, token, handler, ctx));
    const settled = mine.catch(() => undefined);
    this.turns.set(key, settled);
    try {
      await mine;
    } finally {
      if (this.turns.get(key) === settled) this.turns.delete(key);
    }
  }
  private async inTransaction(name: FamilyGrant, token: string, handler: Handler, ctx: Context): Promise<void> {
    const model = models[name];
    let refusal: unknown;
    await this.state.transaction(async () => {
      const grantId = await this.state.grantOf(model, token);
      if (grantId !== undefined) await this.hooks.grantKnown(ctx, grantId);
      // One at a time: what is read from here on is what the one before has committed.
      if (grantId !== undefined) await this.state.lockGrant(grantId);
      const member = await this.state.member(model, token, grace);
      const isOwn = name === 'refresh_token' && member?.clientId === ctx.oidc.client?.clientId;
      const successor = isOwn && member?.isFresh && member.isSuccessorUnused ? member.successor : undefined;
      if (successor !== undefined) ctx[REPEATED] = hashOf(token);
      try {
        await handler(ctx);
        await this.hooks.tokensMade(ctx);
      } catch (error) {
        // Before the token was consumed the library may have revoked the whole family, which has to stay. Afterwards
        // nothing of it has happened, and the client may come again with the same token.
        if (!isRefusal(error) || consumedIn(name, ctx)) throw error;
        refusal = error;
        return;
      }
      const answer = ctx.body as TokenAnswer;
      if (successor !== undefined) answer.refresh_token = open(token, successor);
      else if (name === 'refresh_token' && answer.refresh_token !== undefined)
        await this.state.succeed(model, token, seal(token, answer.refresh_token), answer.refresh_token);
    });
    if (refusal) throw refusal as Error;
  }
}

function presentedIn(name: FamilyGrant, ctx: KoaContextWithOIDC): string | undefined {
  const value = ctx.oidc.params?.[name === 'refresh_token' ? 'refresh_token' : 'code'];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
const isRefusal = (error: unknown): boolean => (error as { expose?: boolean }).expose === true;
/** The library notes both once it has consumed them. */
function consumedIn(name: FamilyGrant, { oidc: { entities } }: KoaContextWithOIDC): boolean {
  const { RotatedRefreshToken, AuthorizationCode } = entities as Record<string, unknown>;
  return (name === 'refresh_token' ? RotatedRefreshToken : AuthorizationCode) !== undefined;
}

// The key is the used token itself, of which the table holds only a hash: who reads the table cannot open what is sealed.
const keyOf = (token: string): Buffer => Buffer.from(hkdfSync('sha256', token, '', 'successor of a refresh token', 32));
const IV_BYTES = 12;
const TAG_BYTES = 16;

function seal(token: string, successor: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', keyOf(token), iv);
  const body = Buffer.concat([cipher.update(successor, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url');
}
function open(token: string, sealed: string): string {
  const all = Buffer.from(sealed, 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', keyOf(token), all.subarray(0, IV_BYTES), {
    authTagLength: TAG_BYTES,
  }).setAuthTag(all.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  const body = all.subarray(IV_BYTES + TAG_BYTES);
  return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
}
