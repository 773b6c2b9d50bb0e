import {
  readEnvironment,
  type ConfigProblem,
  type Environment,
  type GraphqlLimits,
  type SignInProviderSettings,
  type TokenIssuer,
} from '#libs/config/environment.js';

/**
 * The whole configuration of a process, frozen. An abstract class and not an interface, so that it serves as its own
 * injection token: `{ provide: Config, useValue: loadConfig() }`.
 */
export abstract class Config {
  abstract readonly environment: 'development' | 'production' | 'test';
  abstract readonly http: {
    readonly port: number;
    readonly host: string;
    /** Origin under which clients reach the service, without a trailing slash. */
    readonly publicUrl: string;
    /** Exact origins, or the single entry `*` outside production. */
    readonly corsOrigins: readonly string[];
    /** Addresses and CIDR ranges whose `X-Forwarded-*` headers are believed; empty: nobody's. */
    readonly trustProxy: readonly string[];
    readonly compression: boolean;
    /** Seconds that running requests are given after SIGTERM. */
    readonly shutdownGraceSeconds: number;
  };
  abstract readonly database: {
    /** The serving role's connection; may go through a pooler. */
    readonly url: string;
    /** The serving role past any pooler: LISTEN, session state. */
    readonly directUrl: string;
    /** The role that owns the tables. When present, the process migrates before it serves. */
    readonly ownerUrl: string | undefined;
    readonly poolMax: number;
    /** False behind a pooler that cannot keep prepared statements. */
    readonly namedStatements: boolean;
  };
  abstract readonly tokens: {
    /** The `iss` of our tokens: the public URL. */
    readonly issuer: string;
    /** The `aud` of access tokens for our API. */
    readonly audience: string;
    /** Others whose access tokens are taken. */
    readonly issuers: readonly TokenIssuer[];
  };
  /** Other OpenID providers that people may sign in with, in the order in which they are offered. */
  abstract readonly signInProviders: readonly SignInProviderSettings[];
  /** Where our own applications may be returned to with a code. */
  abstract readonly clients: {
    readonly webRedirectUris: readonly string[];
    readonly mobileRedirectUris: readonly string[];
  };
  /** Keys of 32 bytes each: the first one encrypts, all of them decrypt. */
  abstract readonly encryptionKeys: readonly Buffer[];
  abstract readonly redisUrl: string | undefined;
  /** What the process does. */
  abstract readonly role: 'api' | 'worker' | 'all';
  abstract readonly mail: {
    /** Without a server mails are written to a folder in `dataDir`. */
    readonly smtpUrl: string | undefined;
    /** `Name <address>`. */
    readonly from: string;
  };
  /** Requests in one window, over all instances. */
  abstract readonly egress: {
    /** Addresses and CIDR ranges that URLs of users and admins may lead to although they are not public. */
    readonly allow: readonly string[];
  };
  abstract readonly rateLimits: {
    /** Of an account. */
    readonly requests: number;
    /** Of a network whose callers show no valid token. */
    readonly anonymousRequests: number;
    readonly windowSeconds: number;
  };
  abstract readonly graphql: {
    readonly introspection: boolean;
    /** What differs from the built-in limits of documents; `anonymous` and roles start from `default`. */
    readonly limits: GraphqlLimits;
    /** When present, only documents of this file are meant to run; `report` lets others through and logs them. */
    readonly safelist?: { readonly file: string; readonly mode: 'enforce' | 'report' };
  };
  /** Days that notifications are kept. */
  abstract readonly notificationRetentionDays: number;
  abstract readonly logging: { readonly level: NonNullable<Environment['LOG_LEVEL']> };
  /** True: the process fills an empty database with demo accounts and data. */
  abstract readonly demoData: boolean;
  /** Folder in which the launcher keeps its embedded database and its keys. */
  abstract readonly dataDir: string;
}

/** All problems of one environment in one message: names and cures, never a value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(
      [
        'The configuration is not valid. Correct these environment variables and start again:',
        ...problems.map(({ variable, cure }) => `  ${variable} ${cure}`),
        'docs/configuration.md describes every variable.',
      ].join('\n'),
    );
    this.problems = problems;
  }
}

const DEVELOPMENT_ORIGINS = [3000, 3001, 4200, 5173, 8080, 8081].map((port) => `http://localhost:${port}`);

/**
 * Reads and checks the whole environment. Throws one `ConfigError` that lists every bad variable at once. A variable
 * with empty text counts as not set, and variables that Tandem does not know are ignored.
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  const { environment, problems } = readEnvironment(env);
  // Also when a variable is malformed, so that one start shows everything that has to be corrected.
  if (environment.NODE_ENV === 'production') {
    const malformed = new Set(problems.map(({ variable }) => variable));
    problems.push(...unsafeInProduction(environment).filter(({ variable }) => !malformed.has(variable)));
  }
  if (environment.GRAPHQL_SAFELIST_MODE && !env.GRAPHQL_SAFELIST?.trim())
    problems.push({ variable: 'GRAPHQL_SAFELIST', cure: 'is required when GRAPHQL_SAFELIST_MODE is set.' });
  if (problems.length === 0) {
    const config = toConfig(environment);
    const isOurs = ({ issuer }: { issuer: string }) => issuer === config.tokens.issuer;
    if (config.tokens.issuers.some(isOurs))
      problems.push({ variable: 'TOKEN_ISSUERS', cure: 'must not name PUBLIC_URL, whose tokens are taken anyway.' });
    if (config.signInProviders.some(isOurs))
      problems.push({ variable: 'SIGN_IN_PROVIDERS', cure: 'must not name PUBLIC_URL, which is this service.' });
    if (problems.length === 0) return deepFreeze(config);
  }
  throw new ConfigError(problems);
}

function toConfig(environment: Environment): Config {
  const kind = environment.NODE_ENV ?? 'development';
  const production = kind === 'production';
  const port = environment.PORT ?? 3000;
  const publicUrl = environment.PUBLIC_URL ?? `http://localhost:${port}`;
  const databaseUrl = present(environment.DATABASE_URL);
  return {
    environment: kind,
    http: {
      port,
      host: environment.HOST ?? (production ? '0.0.0.0' : '127.0.0.1'),
      publicUrl,
      corsOrigins: environment.CORS_ORIGINS ?? (kind === 'development' ? DEVELOPMENT_ORIGINS : []),
      trustProxy: environment.TRUST_PROXY ?? [],
      compression: environment.COMPRESSION ?? true,
      shutdownGraceSeconds: environment.SHUTDOWN_GRACE_SECONDS ?? 20,
    },
    database: {
      url: databaseUrl,
      directUrl: environment.DATABASE_DIRECT_URL ?? databaseUrl,
      ownerUrl: environment.DATABASE_OWNER_URL,
      poolMax: environment.DATABASE_POOL_MAX ?? 10,
      namedStatements: environment.DATABASE_NAMED_STATEMENTS ?? true,
    },
    tokens: {
      issuer: publicUrl,
      audience: environment.TOKEN_AUDIENCE ?? 'tandem',
      issuers: environment.TOKEN_ISSUERS ?? [],
    },
    signInProviders: environment.SIGN_IN_PROVIDERS ?? [],
    clients: {
      webRedirectUris:
        environment.WEB_REDIRECT_URIS ?? (production ? [] : DEVELOPMENT_ORIGINS.map((origin) => `${origin}/callback`)),
      mobileRedirectUris:
        environment.MOBILE_REDIRECT_URIS ??
        (production ? [] : ['example.tandem:/callback', 'http://127.0.0.1/callback']),
    },
    encryptionKeys: present(environment.ENCRYPTION_KEYS),
    redisUrl: environment.REDIS_URL,
    role: environment.ROLE ?? 'all',
    mail: {
      smtpUrl: environment.SMTP_URL,
      from: environment.MAIL_FROM ?? `Tandem <no-reply@${new URL(publicUrl).hostname}>`,
    },
    egress: { allow: environment.EGRESS_ALLOW ?? [] },
    rateLimits: {
      requests: environment.RATE_LIMIT_REQUESTS ?? (production ? 600 : 60_000),
      anonymousRequests: environment.RATE_LIMIT_ANONYMOUS_REQUESTS ?? (production ? 1200 : 60_000),
      windowSeconds: environment.RATE_LIMIT_WINDOW_SECONDS ?? 60,
    },
    graphql: graphqlOf(environment, production),
    notificationRetentionDays: environment.NOTIFICATION_RETENTION_DAYS ?? 365,
    logging: { level: environment.LOG_LEVEL ?? (kind === 'test' ? 'warn' : 'info') },
    demoData: environment.DEMO_DATA ?? false,
    dataDir: environment.DATA_DIR ?? '.data',
  };
}

function graphqlOf(environment: Environment, production: boolean): Config['graphql'] {
  const { GRAPHQL_SAFELIST: file, GRAPHQL_SAFELIST_MODE: mode = 'enforce', GRAPHQL_INTROSPECTION } = environment;
  const closed = file !== undefined && mode === 'enforce';
  return {
    // An introspection query is a document like any other, and on no list.
    introspection: (GRAPHQL_INTROSPECTION ?? !production) && !closed,
    limits: environment.GRAPHQL_LIMITS ?? {},
    ...(file !== undefined && { safelist: { file, mode } }),
  };
}

function unsafeInProduction(environment: Environment): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const refuse = (variable: ConfigProblem['variable'], cure: string) => problems.push({ variable, cure });

  if (environment.PUBLIC_URL === undefined) {
    refuse('PUBLIC_URL', 'is required in production: the https:// origin under which clients reach the service.');
  } else if (!isSecure(environment.PUBLIC_URL)) {
    refuse('PUBLIC_URL', 'must start with https:// in production, except on localhost.');
  }
  if (environment.TOKEN_ISSUERS?.some(({ issuer, jwksUri }) => ![issuer, jwksUri ?? issuer].every(isSecure))) {
    refuse('TOKEN_ISSUERS', 'must name addresses that start with https:// in production, except on localhost.');
  }
  if (environment.SIGN_IN_PROVIDERS?.some(({ issuer }) => !isSecure(issuer))) {
    refuse('SIGN_IN_PROVIDERS', 'must name issuers that start with https:// in production, except on localhost.');
  }
  if (environment.CORS_ORIGINS?.includes('*')) {
    refuse('CORS_ORIGINS', 'must name exact origins in production, not *.');
  }
  if (environment.TRUST_PROXY?.some((range) => range.endsWith('/0'))) {
    refuse('TRUST_PROXY', 'must not trust every address in production; name the ranges of your proxies.');
  }
  if (environment.EGRESS_ALLOW?.some((range) => range.endsWith('/0'))) {
    refuse('EGRESS_ALLOW', 'must not allow every address in production; name the ranges of the services you mean.');
  }
  if (environment.SMTP_URL === undefined) {
    refuse('SMTP_URL', 'is required in production: accounts are confirmed and passwords are reset by mail.');
  }
  if (environment.DEMO_DATA) {
    refuse('DEMO_DATA', 'must be false or not set in production: demo accounts are known to everybody.');
  }
  if (
    environment.DATABASE_OWNER_URL !== undefined &&
    environment.DATABASE_URL !== undefined &&
    new URL(environment.DATABASE_OWNER_URL).username === new URL(environment.DATABASE_URL).username
  ) {
    refuse('DATABASE_OWNER_URL', 'must name another role than DATABASE_URL: the role that serves must own no table.');
  }
  return problems;
}

function isSecure(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}

function present<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('A required variable passed validation without a value.');
  return value;
}

function deepFreeze<Value>(value: Value): Value {
  // What views a buffer cannot be frozen.
  if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value))
    Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}

/** The two connections that `npm run migrate` needs; everything else may be missing then. Throws `ConfigError`. */
export function loadMigrationConfig(env: Readonly<Record<string, string | undefined>> = process.env): {
  readonly ownerUrl: string;
  readonly url: string;
} {
  const { environment, problems } = readEnvironment(env);
  const relevant = problems.filter(({ variable }) => variable === 'DATABASE_URL' || variable === 'DATABASE_OWNER_URL');
  const { DATABASE_URL: url, DATABASE_OWNER_URL: ownerUrl } = environment;
  if (ownerUrl === undefined && !relevant.some(({ variable }) => variable === 'DATABASE_OWNER_URL'))
    relevant.push({ variable: 'DATABASE_OWNER_URL', cure: 'is required to migrate: the role that owns the tables.' });
  if (relevant.length > 0) throw new ConfigError(relevant);
  return { ownerUrl: present(ownerUrl), url: present(url) };
}
