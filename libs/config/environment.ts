import { isIP } from 'node:net';
import { z } from 'zod';

/** One environment variable: how its text is read, and what `docs/configuration.md` says about it. */
interface Variable<Output> {
  /** Reads the text. The message of its first issue is the cure that the operator gets, so it never quotes the text. */
  readonly schema: z.ZodType<Output, string>;
  /** What holds when the variable is not set, in words; absent when it must be set. */
  readonly default?: string;
  readonly description: string;
}

const DATABASE_URL_CURE =
  'must be a PostgreSQL URL with a role, a host and a database, such as postgres://tandem_app:<password>@db.example:5432/tandem.';

/** Every environment variable that Tandem reads, in the order of the documentation. */
export const variables = {
  NODE_ENV: variable(choice('development', 'production', 'test'), {
    default: '`development`',
    description: 'Kind of environment. `production` refuses settings that are only safe on a developer’s machine.',
  }),
  PORT: variable(wholeNumber(0, 65_535), {
    default: '`3000`',
    description: 'TCP port that the service listens on. `0` takes any free port.',
  }),
  HOST: variable(host(), {
    default: '`127.0.0.1`; in production `0.0.0.0`',
    description: 'Address that the service listens on.',
  }),
  PUBLIC_URL: variable(origin(), {
    default: '`http://localhost:PORT`; required in production',
    description:
      'Origin under which clients reach the service, without a path; it is the issuer (`iss`) of its tokens. In production it starts with `https://`, except on localhost.',
  }),
  DATABASE_URL: variable(databaseUrl(), {
    description:
      'PostgreSQL 15 or newer, as the role that serves requests; it may point at a pooler. `npm start` sets it to the embedded database when it is not set.',
  }),
  DATABASE_DIRECT_URL: variable(databaseUrl(), {
    default: 'the value of `DATABASE_URL`',
    description: 'The same role and database past any pooler, for what needs a session of its own.',
  }),
  DATABASE_OWNER_URL: variable(databaseUrl(), {
    default: 'not set: the service does not migrate',
    description:
      'The role that owns the tables. When set, the service migrates the database at start. In production it must be another role than that of `DATABASE_URL`.',
  }),
  DATABASE_POOL_MAX: variable(wholeNumber(1, 1_000), {
    default: '`10`',
    description: 'Most connections that one process opens with `DATABASE_URL`.',
  }),
  DATABASE_NAMED_STATEMENTS: variable(flag(), {
    default: '`true`',
    description: 'Whether prepared statements are named. Set `false` behind a pooler that cannot keep them.',
  }),
  TOKEN_AUDIENCE: variable(text(255), {
    default: '`tandem`',
    description: 'The `aud` that access tokens must carry.',
  }),
  TOKEN_ISSUERS: variable(tokenIssuers(), {
    default: 'none: only tokens of our own',
    description:
      'JSON list of other issuers whose access tokens for the API are taken, such as `[{"issuer":"https://login.example.com","audience":"https://api.example.com","roles":{"claim":"groups","map":{"shop-support":["support"]}}}]`. What else it may say: [authentication.md](authentication.md#bring-your-own-issuer). In production each address starts with `https://`, except on localhost.',
  }),
  SIGN_IN_PROVIDERS: variable(signInProviders(), {
    default: 'none: only accounts of our own',
    description:
      'JSON list of OpenID providers that people may sign in with, such as `[{"id":"example","name":"Example","issuer":"https://login.example.com","clientId":"tandem","clientSecret":"…"}]`. What else it may say: [authentication.md](authentication.md#sign-in-with-another-provider). In production each issuer starts with `https://`, except on localhost.',
  }),
  WEB_REDIRECT_URIS: variable(redirectUris(), {
    default: 'none; in development `/callback` on the usual ports of `localhost`',
    description:
      'Addresses that the web app (client `tandem-web`) may be returned to with a code, separated by commas; exact. After signing out also the front pages there.',
  }),
  MOBILE_REDIRECT_URIS: variable(redirectUris(), {
    default: 'none; in development `example.tandem:/callback` and `http://127.0.0.1/callback`',
    description:
      'The same for the mobile app (client `tandem-mobile`): claimed `https://` addresses, or a scheme of its own such as `com.example.app:/callback`. On a loopback address any port is taken.',
  }),
  ENCRYPTION_KEYS: variable(encryptionKeys(), {
    description:
      'Keys of 32 bytes in base64, separated by commas, that protect signing keys, second factors and cookies. The first one encrypts, all of them decrypt: to replace a key, put a new one in front and keep the old one. `npm start` makes one when it is not set.',
  }),
  REDIS_URL: variable(redisUrl(), {
    default: 'not set: what instances share is kept in PostgreSQL',
    description:
      'Redis 6.2 or newer, not in cluster mode, for limits that instances share: `redis://` or, over TLS, `rediss://`. Never the truth about anything: it may be lost or away; see [limits.md](limits.md).',
  }),
  ROLE: variable(choice('api', 'worker', 'all'), {
    default: '`all`',
    description: 'What the process does: answers requests (`api`), runs jobs (`worker`), or both (`all`).',
  }),
  SMTP_URL: variable(smtpUrl(), {
    default: 'not set: in development mails are written to a folder in `DATA_DIR`; required in production',
    description: 'Server that mails are handed to, such as `smtps://user:password@smtp.example.com`.',
  }),
  MAIL_FROM: variable(text(320), {
    default: '`Tandem <no-reply@HOST>`, with the host of `PUBLIC_URL`',
    description: 'The sender of mails.',
  }),
  EGRESS_ALLOW: variable(proxies(), {
    default: 'none: only public addresses',
    description:
      'Addresses and CIDR ranges that are not public and that the service may still call when a user or an admin names a URL there, separated by commas: an identity provider on your own network. In development `127.0.0.1/32,::1/128` lets it call this machine.',
  }),
  CORS_ORIGINS: variable(corsOrigins(), {
    default: 'none; in development the usual ports on `localhost`',
    description: 'Origins, separated by commas, whose pages may call the service. `*` is refused in production.',
  }),
  TRUST_PROXY: variable(proxies(), {
    default: 'none',
    description:
      'Addresses and CIDR ranges of reverse proxies, separated by commas, whose `X-Forwarded-*` headers are believed.',
  }),
  RATE_LIMIT_REQUESTS: variable(wholeNumber(1, 100_000_000), {
    default: '`60000`; in production `600`',
    description: 'Requests that one account may send in a window, over REST, GraphQL and all instances together.',
  }),
  RATE_LIMIT_ANONYMOUS_REQUESTS: variable(wholeNumber(1, 100_000_000), {
    default: '`60000`; in production `1200`',
    description:
      'Requests without a valid access token that one network may send in a window. A network is an IPv4 address or an IPv6 /64: an office or a mobile carrier may be one. Behind a reverse proxy `TRUST_PROXY` must name it, or all callers are one network.',
  }),
  RATE_LIMIT_WINDOW_SECONDS: variable(wholeNumber(1, 86_400), {
    default: '`60`',
    description: 'Length of the window of both limits, in seconds. It starts with the first request.',
  }),
  NOTIFICATION_RETENTION_DAYS: variable(wholeNumber(1, 36_500), {
    default: '`365`',
    description: 'Days that notifications stay in inboxes, read or not. A job deletes older ones each night.',
  }),
  LOG_LEVEL: variable(choice('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'), {
    default: '`info`; in tests `warn`',
    description: 'Lowest level of log lines that are written.',
  }),
  GRAPHQL_INTROSPECTION: variable(flag(), {
    default: '`true`; in production `false`',
    description: 'Whether GraphQL clients may ask for the schema by introspection.',
  }),
  GRAPHQL_SAFELIST: variable(text(4_096), {
    default: 'not set: every document that fits the schema runs',
    description:
      'Path of a safelist that `npm run graphql:safelist` wrote. Then only its documents run, and introspection is off; see [graphql.md](graphql.md).',
  }),
  GRAPHQL_SAFELIST_MODE: variable(choice('enforce', 'report'), {
    default: '`enforce`',
    description: '`report` lets documents that are not on the safelist run and logs the hash of each.',
  }),
  GRAPHQL_LIMITS: variable(graphqlLimits(), {
    default: '`{}`: depth 12, aliases 30, root fields 20, cost 20000 for everybody',
    description:
      'JSON of what GraphQL documents may ask, such as `{"default":{"depth":10},"anonymous":{"cost":2000},"roles":{"support":{"cost":50000}}}`. The limits are `depth`, `aliases`, `rootFields` and `cost`; what is left out is as in `default`. Of several roles the most generous value counts.',
  }),
  COMPRESSION: variable(flag(), {
    default: '`true`',
    description: 'Whether the service compresses answers. Set `false` where the ingress does it.',
  }),
  DEMO_DATA: variable(flag(), {
    default: '`false`; `npm start` with the embedded database sets it to `true`',
    description: 'Whether an empty database is filled with demo accounts and data. Refused in production.',
  }),
  SHUTDOWN_GRACE_SECONDS: variable(wholeNumber(0, 600), {
    default: '`20`',
    description: 'Seconds that running requests are given to finish after SIGTERM.',
  }),
  DATA_DIR: variable(text(4_096), {
    default: '`.data`',
    description: 'Folder in which `npm start` keeps its embedded database and its keys.',
  }),
};

export type VariableName = keyof typeof variables;

/** The variables that are set and well formed; the others are absent. */
export type Environment = {
  readonly [Name in VariableName]?: (typeof variables)[Name] extends Variable<infer Output> ? Output : never;
};

/** A variable that must be corrected. Holds its name and the cure, never its value. */
export interface ConfigProblem {
  readonly variable: VariableName;
  readonly cure: string;
}

/** Reads each variable by itself. Empty text counts as not set; variables that Tandem does not know are ignored. */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): {
  environment: Environment;
  problems: ConfigProblem[];
} {
  const environment: Partial<Record<VariableName, unknown>> = {};
  const problems: ConfigProblem[] = [];
  for (const name of Object.keys(variables) as VariableName[]) {
    const raw = env[name]?.trim();
    if (!raw) {
      if (variables[name].default === undefined) problems.push({ variable: name, cure: missing(name) });
      continue;
    }
    const result = variables[name].schema.safeParse(raw);
    if (result.success) environment[name] = result.data;
    else problems.push({ variable: name, cure: result.error.issues[0].message });
  }
  return { environment: environment as Environment, problems };
}

function missing(name: VariableName): string {
  return name === 'DATABASE_URL'
    ? `is required; it ${DATABASE_URL_CURE}`
    : `is required. ${variables[name].description}`;
}

function variable<Output>(schema: z.ZodType<Output, string>, documentation: Omit<Variable<Output>, 'schema'>) {
  return { schema, ...documentation } satisfies Variable<Output>;
}

function wholeNumber(min: number, max: number) {
  const cure = `must be a whole number from ${min} to ${max}.`;
  return z
    .string()
    .regex(/^\d{1,9}$/, cure)
    .transform(Number)
    .refine((number) => number >= min && number <= max, cure);
}

function flag() {
  return z.enum(['true', 'false'], 'must be true or false.').transform((value) => value === 'true');
}

function choice<const Options extends readonly string[]>(...options: Options) {
  return z.enum(options, `must be one of ${options.join(', ')}.`);
}

function text(maxLength: number) {
  return z.string().max(maxLength, `must be at most ${maxLength} characters long.`);
}

const documentLimit = z.int().min(0).max(1_000_000_000).optional();
const documentLimits = z.strictObject({
  depth: documentLimit,
  aliases: documentLimit,
  rootFields: documentLimit,
  cost: documentLimit,
});
const limitsSchema = z.strictObject({
  default: documentLimits.optional(),
  anonymous: documentLimits.optional(),
  roles: z.record(z.string().regex(/^[\w-]+$/), documentLimits).optional(),
});
export type GraphqlLimits = z.infer<typeof limitsSchema>;

function graphqlLimits() {
  const cure =
    'must be a JSON object of default, anonymous and roles (an object of objects by role), each with whole numbers for depth, aliases, rootFields or cost.';
  return z.string().transform((value, context): GraphqlLimits => {
    try {
      return limitsSchema.parse(JSON.parse(value));
    } catch {
      context.addIssue({ code: 'custom', message: cure });
      return z.NEVER;
    }
  });
}

const issuerUrl = z
  .string()
  .max(500)
  .refine((value) => isHttpUrl(value) && !/[?#]/.test(value));
const names = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).transform((value) => [value].flat());
const tokenIssuer = z.strictObject({
  /** Exactly as in `iss`. */
  issuer: issuerUrl,
  /** One of them has to be in `aud`. */
  audience: names,
  /** Instead of asking the issuer's discovery document. */
  jwksUri: z.string().max(2000).refine(isHttpUrl).optional(),
  algorithms: z
    .array(z.enum(['ES256', 'RS256', 'PS256', 'EdDSA']))
    .min(1)
    .default(['ES256']),
  /** `typ` of the header: RFC 9068, or any JWT that shows no sign of being an ID token. */
  type: z.enum(['at+jwt', 'JWT']).default('at+jwt'),
  createAccounts: z.boolean().default(false),
  roles: z
    .strictObject({
      /** A claim's name, or the way to one within others. */
      claim: names,
      map: z.record(z.string(), names),
      besideOwn: z.boolean().default(false),
    })
    .optional(),
  scopes: z.union([z.strictObject({ claim: names }), z.strictObject({ implied: names })]).default({ claim: ['scope'] }),
});
/** Somebody else who signs access tokens for our API. */
export type TokenIssuer = z.infer<typeof tokenIssuer>;

const signInProvider = z.strictObject({
  /** Part of addresses, and so of what is registered at the provider. */
  id: z
    .string()
    .max(40)
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
  /** What people know it as. */
  name: z.string().trim().min(1).max(60),
  /** Exactly as in `iss`; its discovery document says the rest. */
  issuer: issuerUrl,
  clientId: z.string().min(1).max(500),
  /** Without one it is a public client: PKCE only. */
  clientSecret: z.string().min(1).max(2000).optional(),
  scopes: names.refine((scopes) => scopes.includes('openid')).default(['openid', 'profile', 'email']),
  /** Whether somebody without an account gets one. */
  createAccounts: z.boolean().default(true),
});
/** Somebody else who says who people are when they sign in. */
export type SignInProviderSettings = z.infer<typeof signInProvider>;

function tokenIssuers() {
  return listOfIssuers(
    () => tokenIssuer,
    'must be a JSON list of issuers, each with issuer (a URL), audience, and what else docs/authentication.md names.',
  );
}
function signInProviders() {
  return listOfIssuers(
    () => signInProvider,
    'must be a JSON list of providers, each with id (small letters, digits and dashes), name, issuer (a URL), clientId, and what else docs/authentication.md names.',
  ).refine(
    (providers) => new Set(providers.map(({ id }) => id)).size === providers.length,
    'must give each provider an id of its own.',
  );
}
function listOfIssuers<Item extends { readonly issuer: string }>(item: () => z.ZodType<Item>, cure: string) {
  return z.string().transform((value, context): Item[] => {
    const fail = (message: string) => {
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    };
    let json: unknown;
    try {
      json = JSON.parse(value);
    } catch {
      return fail(cure);
    }
    const found = z.array(item()).safeParse(json);
    if (!found.success) {
      // What stands where, never what stands there; keys of the map are the operator's own words.
      const at = found.error.issues[0].path.slice(0, 2).join('.');
      return fail(at === '' ? cure : `${cure} See ${at}.`);
    }
    if (new Set(found.data.map(({ issuer }) => issuer)).size < found.data.length)
      return fail('must name each issuer once.');
    return found.data;
  });
}

function host() {
  return z
    .string()
    .max(253, 'must be a host name or an IP address.')
    .refine(
      (value) => isIP(value) > 0 || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(value),
      'must be a host name or an IP address, without a port.',
    );
}

function origin() {
  return z
    .string()
    .transform((value) => value.replace(/\/$/, ''))
    .refine((value) => isOrigin(value), 'must be an origin such as https://api.example.com, without a path.');
}

function redirectUris() {
  const cure =
    'must be absolute addresses without a fragment, separated by commas, such as https://shop.example.com/callback.';
  return z
    .string()
    .transform((value) => value.split(',').map((uri) => uri.trim()))
    .refine((uris) => uris.every((uri) => URL.canParse(uri) && !uri.includes('#') && !uri.includes('*')), cure);
}

function databaseUrl() {
  return z.string().refine((value) => {
    const parsed = URL.canParse(value) ? new URL(value) : undefined;
    return (
      parsed !== undefined &&
      ['postgres:', 'postgresql:'].includes(parsed.protocol) &&
      parsed.hostname !== '' &&
      parsed.username !== '' &&
      parsed.pathname.length > 1
    );
  }, DATABASE_URL_CURE);
}

function encryptionKeys() {
  const cure =
    'must be a list of keys of 32 bytes in base64, separated by commas; `openssl rand -base64 32` makes one.';
  return z
    .string()
    .transform((value) => value.split(',').map((entry) => Buffer.from(entry.trim(), 'base64')))
    .refine((keys) => keys.every((key) => key.length === 32), cure);
}

function redisUrl() {
  return schemeUrl(['redis:', 'rediss:'], 'must be a redis:// or rediss:// URL.');
}

function smtpUrl() {
  return schemeUrl(['smtp:', 'smtps:'], 'must be an smtp:// or smtps:// URL with a host.');
}

function schemeUrl(protocols: readonly string[], cure: string) {
  return z.string().refine((value) => {
    const parsed = URL.canParse(value) ? new URL(value) : undefined;
    return parsed !== undefined && protocols.includes(parsed.protocol) && parsed.hostname !== '';
  }, cure);
}

function corsOrigins() {
  return list(
    (entry) => entry === '*' || isOrigin(entry),
    'must be a list of origins, separated by commas, such as https://shop.example.com,https://admin.example.com.',
  );
}

function proxies() {
  return list(
    isAddressRange,
    'must be a list of IP addresses or CIDR ranges, separated by commas, such as 10.0.0.0/8.',
  );
}

function list(accepts: (entry: string) => boolean, cure: string) {
  return z
    .string()
    .transform((value) => value.split(',').map((entry) => entry.trim()))
    .refine((entries) => entries.every(accepts), cure);
}

function isHttpUrl(value: string): boolean {
  return URL.canParse(value) && ['http:', 'https:'].includes(new URL(value).protocol);
}

function isOrigin(value: string): boolean {
  return isHttpUrl(value) && new URL(value).origin === value.toLowerCase();
}

function isAddressRange(value: string): boolean {
  const [address, prefix, ...rest] = value.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128));
}
