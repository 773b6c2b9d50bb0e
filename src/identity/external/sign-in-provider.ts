import { compactVerify } from 'jose';
import type { PinoLogger } from 'nestjs-pino';
import * as oidc from 'openid-client';
import { IssuerKeys } from '#libs/authn/external/issuer-keys.js';
import type { SignInProviderSettings } from '#libs/config/environment.js';
import type { Egress } from '#libs/egress/egress.js';
import { AppError } from '#libs/errors/app-error.js';

/** What one sign-in there is held by; kept by the browser that began it. */
export interface Begun {
  readonly state: string;
  readonly nonce: string;
  /** PKCE (RFC 7636). */
  readonly verifier: string;
  /** Seconds since 1970. */
  readonly at: number;
  /**
   * Whether somebody has to show there who they are, signed in or not. Where it is `proven` the provider has to say when
   * that was (`auth_time`); otherwise it is held against what it says only if it does.
   */
  readonly anew?: 'asked' | 'proven';
}
export interface Wishes {
  readonly redirectUri: string;
  /** BCP 47. */
  readonly locale: string;
  /** The address that is expected. */
  readonly loginHint?: string;
}
/** Whom the provider vouches for: its ID token, checked, and what it adds at its userinfo endpoint. */
export interface Vouched {
  readonly subject: string;
  readonly claims: Readonly<Record<string, unknown>>;
}
/**
 * Why nothing came of it: `denied` by the person or the provider, `away` when the provider does not answer, `invalid` when
 * its answer is not to be believed. The message is for the log and holds nothing of the answer but an error's name.
 */
export class ProviderFailure extends Error {
  override readonly name = 'ProviderFailure';
  constructor(
    readonly kind: 'denied' | 'away' | 'invalid',
    message: string,
  ) {
    super(message);
  }
}

const algorithms = ['ES256', 'RS256', 'PS256', 'EdDSA'] as const;
const renewEvery = 3_600_000;
/** Whoever presses the button again waits no longer than the provider takes. */
const retryEvery = 10_000;
const timeoutMs = 5_000;
const maxBytes = 256 * 1024;
const maxSubject = 255;
/** Clocks of others, in seconds. */
const clockTolerance = 60;

/**
 * One OpenID provider that people sign in with: authorization code with PKCE. Its discovery document is read when somebody
 * first wants to sign in there, and anew each hour from then on; what is known counts while the provider is away.
 */
export class SignInProvider {
  private readonly keys: IssuerKeys;
  private readonly fetch: typeof fetch;
  private configuration?: oidc.Configuration;
  private answeredAt = -Infinity;
  private askedAt = -Infinity;
  private asking?: Promise<void>;

  constructor(
    readonly settings: SignInProviderSettings,
    egress: Egress,
    private readonly logger: Pick<PinoLogger, 'warn'>,
  ) {
    this.fetch = egress.asFetch({ timeoutMs, maxBytes });
    const jwksUri = () => this.configuration?.serverMetadata().jwks_uri;
    const source = {
      issuer: settings.issuer,
      algorithms: [...algorithms],
      get jwksUri() {
        return jwksUri();
      },
    };
    // Nothing is remembered of keys: a key that is gone signs nobody in.
    this.keys = new IssuerKeys(source, egress, logger, () => undefined);
  }
  /** Where the browser goes. Throws `ProviderFailure`. */
  async authorizationUrl(begun: Begun, { redirectUri, locale, loginHint }: Wishes): Promise<URL> {
    const configuration = await this.discovered();
    return oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: this.settings.scopes.join(' '),
      state: begun.state,
      nonce: begun.nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(begun.verifier),
      code_challenge_method: 'S256',
      ui_locales: locale,
      ...(loginHint !== undefined && { login_hint: loginHint }),
      // With `max_age` the ID token has to say when it was (Core §2).
      ...(begun.anew && { prompt: 'login', max_age: '0' }),
    });
  }
  /**
   * What came of it. `address`: where the provider sent the browser, our own address with its answer in the query. Throws
   * `ProviderFailure`.
   */
  async vouched(address: URL, { state, nonce, verifier, at, anew }: Begun): Promise<Vouched> {
    const configuration = await this.discovered();
    let tokens: oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers;
    try {
      tokens = await oidc.authorizationCodeGrant(configuration, address, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      });
    } catch (error) {
      throw failureOf(error);
    }
    const claims = tokens.claims()!;
    // The library takes the connection's word for it (OpenID Connect Core §3.1.3.7, 6); the key's is better.
    await this.checkSignature(tokens.id_token!);
    if (claims.sub === '' || claims.sub.length > maxSubject)
      throw new ProviderFailure('invalid', 'its sub is no subject');
    const shownAt = claims.auth_time ?? (anew === 'proven' ? 0 : at);
    if (anew && shownAt < at - clockTolerance) throw new ProviderFailure('invalid', 'nobody was asked anew there');
    return { subject: claims.sub, claims: await this.completed(claims, tokens.access_token, configuration) };
  }
  /** In the background, once somebody has wanted to sign in there. */
  async keepUp(): Promise<void> {
    if (!this.configuration) return;
    if (performance.now() - this.answeredAt >= renewEvery) await this.ask(60_000);
    await this.keys.keepUp();
  }
  private async checkSignature(idToken: string): Promise<void> {
    const { alg, kid } = headerOf(idToken);
    if (typeof kid !== 'string' || !algorithms.some((allowed) => allowed === alg))
      throw new ProviderFailure('invalid', 'its ID token names no key or an algorithm that is not allowed');
    if (!this.keys.find(alg as string, kid)) await this.keys.lookAgain();
    const key = this.keys.find(alg as string, kid);
    if (!key) throw new ProviderFailure('invalid', 'the key of its ID token is not known');
    await compactVerify(idToken, key, { algorithms: [alg as string] }).catch(() => {
      throw new ProviderFailure('invalid', 'the signature of its ID token is wrong');
    });
  }
  /** Claims that were asked for by scope may come from the userinfo endpoint only (Core §5.4). */
  private async completed(
    claims: oidc.IDToken,
    accessToken: string,
    configuration: oidc.Configuration,
  ): Promise<Vouched['claims']> {
    if (claims.email !== undefined || !configuration.serverMetadata().userinfo_endpoint) return claims;
    try {
      const { email, email_verified, name, locale } = await oidc.fetchUserInfo(configuration, accessToken, claims.sub);
      return { name, locale, ...claims, email, email_verified };
    } catch (error) {
      // Who is known needs none of it.
      this.warn(`userinfo: ${failureOf(error).message}`);
      return claims;
    }
  }
  private async discovered(): Promise<oidc.Configuration> {
    if (!this.configuration) await this.ask(retryEvery);
    if (!this.configuration) throw new ProviderFailure('away', 'its discovery document cannot be read');
    return this.configuration;
  }
  private async ask(atMostEvery: number): Promise<void> {
    if (!this.asking && performance.now() - this.askedAt < atMostEvery) return;
    this.asking ??= this.askOnce().finally(() => (this.asking = undefined));
    await this.asking;
  }
  private async askOnce(): Promise<void> {
    this.askedAt = performance.now();
    try {
      this.configuration = await discover(this.settings, this.fetch);
      this.answeredAt = performance.now();
    } catch (error) {
      this.warn(`discovery: ${failureOf(error).message}`);
    }
  }
  private warn(reason: string): void {
    this.logger.warn({ provider: this.settings.id, reason }, 'a provider of sign-in does not answer as it should');
  }
}

/** Reads the discovery document and checks that it has what is needed; throws when not. */
export async function discover(
  { issuer, clientId, clientSecret }: SignInProviderSettings,
  through: typeof fetch,
): Promise<oidc.Configuration> {
  // The same, said with other types of bodies.
  const customFetch = through as oidc.CustomFetch;
  const options: oidc.DiscoveryRequestOptions = {
    [oidc.customFetch]: customFetch,
    timeout: timeoutMs / 1000,
    ...(issuer.startsWith('http:') && { execute: [oidc.allowInsecureRequests] }),
  };
  // Until the document says which of the two ways to show the secret is wanted.
  const found = await oidc.discovery(new URL(issuer), clientId, undefined, oidc.None(), options);
  const metadata = found.serverMetadata();
  if (metadata.issuer !== issuer) throw new ProviderFailure('invalid', 'the document is of another issuer');
  for (const name of ['authorization_endpoint', 'token_endpoint', 'jwks_uri'] as const) {
    const address = metadata[name];
    if (address === undefined || !URL.canParse(address)) throw new ProviderFailure('invalid', `it names no ${name}`);
    if (new URL(address).protocol !== 'https:' && issuer.startsWith('https:'))
      throw new ProviderFailure('invalid', `its ${name} is not https`);
  }
  if (clientSecret === undefined) return found;
  // Core §9: `client_secret_basic` where nothing is said.
  const { token_endpoint_auth_methods_supported: methods = ['client_secret_basic'] } = metadata;
  const show = methods.includes('client_secret_basic') ? oidc.ClientSecretBasic : oidc.ClientSecretPost;
  const configuration = new oidc.Configuration(metadata, clientId, undefined, show(clientSecret));
  configuration[oidc.customFetch] = customFetch;
  configuration.timeout = timeoutMs / 1000;
  if (issuer.startsWith('http:')) oidc.allowInsecureRequests(configuration);
  return configuration;
}

/** What the log may have of an error of the library: names of errors, never what came with them. */
export function failureOf(error: unknown): ProviderFailure {
  if (error instanceof ProviderFailure) return error;
  if (error instanceof oidc.AuthorizationResponseError)
    return new ProviderFailure(error.error === 'access_denied' ? 'denied' : 'invalid', `error ${nameIn(error.error)}`);
  if (error instanceof oidc.ResponseBodyError) return new ProviderFailure('invalid', `error ${nameIn(error.error)}`);
  // What the library makes of a fetch that failed has its error as the cause.
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof AppError) return new ProviderFailure('away', cause.privateDetail ?? cause.code);
    if (cause.name === 'TimeoutError' || cause.name === 'AbortError')
      return new ProviderFailure('away', 'no answer in time');
  }
  const { code, message } = error as { code?: unknown; message?: unknown };
  return new ProviderFailure('invalid', [code, message].filter((text) => typeof text === 'string').join(': '));
}
/** Names of errors have few characters (RFC 6749 §4.1.2.1); whatever else stands there is not repeated. */
const nameIn = (error: string): string => (/^[a-z_]{1,60}$/.test(error) ? error : 'without a name');

function headerOf(token: string): { alg?: unknown; kid?: unknown } {
  try {
    return JSON.parse(Buffer.from(token.split('.', 1)[0], 'base64url').toString()) as { alg?: unknown; kid?: unknown };
  } catch {
    return {};
  }
}
