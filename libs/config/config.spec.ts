import { describe, expect, test } from 'vitest';
import { Config, ConfigError, loadConfig } from '#libs/config/config.js';

const required = {
  DATABASE_URL: 'postgres://tandem_app:app-secret@db.example:5432/tandem',
  ENCRYPTION_KEYS: Buffer.alloc(32, 1).toString('base64'),
};
const production = {
  ...required,
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://api.example.com',
  SMTP_URL: 'smtp://mail.example',
};

describe('loadConfig', () => {
  test('needs only a database and a key in development', () => {
    expect(loadConfig(required)).toEqual({
      environment: 'development',
      http: {
        port: 3000,
        host: '127.0.0.1',
        publicUrl: 'http://localhost:3000',
        corsOrigins: expect.arrayContaining(['http://localhost:3000', 'http://localhost:5173']),
        trustProxy: [],
        compression: true,
        shutdownGraceSeconds: 20,
      },
      database: {
        url: required.DATABASE_URL,
        directUrl: required.DATABASE_URL,
        ownerUrl: undefined,
        poolMax: 10,
        namedStatements: true,
      },
      tokens: { issuer: 'http://localhost:3000', audience: 'tandem', issuers: [] },
      signInProviders: [],
      clients: {
        webRedirectUris: expect.arrayContaining(['http://localhost:3000/callback']),
        mobileRedirectUris: ['example.tandem:/callback', 'http://127.0.0.1/callback'],
      },
      encryptionKeys: [Buffer.alloc(32, 1)],
      redisUrl: undefined,
      role: 'all',
      egress: { allow: [] },
      mail: { smtpUrl: undefined, from: 'Tandem <no-reply@localhost>' },
      rateLimits: { requests: 60_000, anonymousRequests: 60_000, windowSeconds: 60 },
      graphql: { introspection: true, limits: {} },
      notificationRetentionDays: 365,
      logging: { level: 'info' },
      demoData: false,
      dataDir: '.data',
    });
  });

  test('listens on every address, hides the schema and allows no origin in production', () => {
    const config = loadConfig(production);
    expect(config.http).toMatchObject({ host: '0.0.0.0', corsOrigins: [], publicUrl: 'https://api.example.com' });
    expect(config.graphql.introspection).toBe(false);
    expect(config.rateLimits).toEqual({ requests: 600, anonymousRequests: 1200, windowSeconds: 60 });
    expect(config.tokens.issuer).toBe('https://api.example.com');
  });

  test('reads every variable that is set', () => {
    const config = loadConfig({
      ...required,
      NODE_ENV: 'test',
      PORT: '8443',
      HOST: '::1',
      PUBLIC_URL: 'https://api.example.com/',
      DATABASE_DIRECT_URL: 'postgresql://tandem_app@primary/tandem',
      DATABASE_OWNER_URL: 'postgres://tandem_owner@primary/tandem',
      DATABASE_POOL_MAX: '25',
      DATABASE_NAMED_STATEMENTS: 'false',
      TOKEN_AUDIENCE: 'https://api.example.com/v1',
      TOKEN_ISSUERS: JSON.stringify([
        {
          issuer: 'https://login.example.com/tenant',
          audience: 'shop',
          roles: { claim: ['realm_access', 'roles'], map: { helpers: 'support' } },
        },
      ]),
      SIGN_IN_PROVIDERS: JSON.stringify([
        {
          id: 'example-login',
          name: ' Example ',
          issuer: 'https://accounts.example.com',
          clientId: 'tandem',
          clientSecret: 'a secret of theirs',
          scopes: ['openid', 'email'],
        },
      ]),
      WEB_REDIRECT_URIS: 'https://shop.example.com/in, https://www.example.com/in',
      MOBILE_REDIRECT_URIS: 'com.example.shop:/in',
      REDIS_URL: 'redis://cache:6379',
      ROLE: 'worker',
      SMTP_URL: 'smtps://mail.example:465',
      MAIL_FROM: 'Shop <shop@example.com>',
      EGRESS_ALLOW: '10.1.0.0/16',
      CORS_ORIGINS: 'https://shop.example.com, http://localhost:5173',
      TRUST_PROXY: '10.0.0.0/8, ::1',
      RATE_LIMIT_REQUESTS: '100',
      RATE_LIMIT_ANONYMOUS_REQUESTS: '20',
      RATE_LIMIT_WINDOW_SECONDS: '3600',
      LOG_LEVEL: 'debug',
      GRAPHQL_INTROSPECTION: 'false',
      GRAPHQL_LIMITS: '{"anonymous":{"cost":100},"roles":{"support":{"depth":20}}}',
      GRAPHQL_SAFELIST: '/etc/tandem/safelist.json',
      GRAPHQL_SAFELIST_MODE: 'report',
      COMPRESSION: 'false',
      DEMO_DATA: 'true',
      SHUTDOWN_GRACE_SECONDS: '5',
      NOTIFICATION_RETENTION_DAYS: '90',
      DATA_DIR: '/var/tandem',
    });
    expect(config).toEqual({
      environment: 'test',
      http: {
        port: 8443,
        host: '::1',
        publicUrl: 'https://api.example.com',
        corsOrigins: ['https://shop.example.com', 'http://localhost:5173'],
        trustProxy: ['10.0.0.0/8', '::1'],
        compression: false,
        shutdownGraceSeconds: 5,
      },
      database: {
        url: required.DATABASE_URL,
        directUrl: 'postgresql://tandem_app@primary/tandem',
        ownerUrl: 'postgres://tandem_owner@primary/tandem',
        poolMax: 25,
        namedStatements: false,
      },
      tokens: {
        issuer: 'https://api.example.com',
        audience: 'https://api.example.com/v1',
        issuers: [
          {
            issuer: 'https://login.example.com/tenant',
            audience: ['shop'],
            algorithms: ['ES256'],
            type: 'at+jwt',
            createAccounts: false,
            roles: { claim: ['realm_access', 'roles'], map: { helpers: ['support'] }, besideOwn: false },
            scopes: { claim: ['scope'] },
          },
        ],
      },
      signInProviders: [
        {
          id: 'example-login',
          name: 'Example',
          issuer: 'https://accounts.example.com',
          clientId: 'tandem',
          clientSecret: 'a secret of theirs',
          scopes: ['openid', 'email'],
          createAccounts: true,
        },
      ],
      clients: {
        webRedirectUris: ['https://shop.example.com/in', 'https://www.example.com/in'],
        mobileRedirectUris: ['com.example.shop:/in'],
      },
      encryptionKeys: [Buffer.alloc(32, 1)],
      redisUrl: 'redis://cache:6379',
      role: 'worker',
      mail: { smtpUrl: 'smtps://mail.example:465', from: 'Shop <shop@example.com>' },
      egress: { allow: ['10.1.0.0/16'] },
      rateLimits: { requests: 100, anonymousRequests: 20, windowSeconds: 3600 },
      graphql: {
        introspection: false,
        limits: { anonymous: { cost: 100 }, roles: { support: { depth: 20 } } },
        safelist: { file: '/etc/tandem/safelist.json', mode: 'report' },
      },
      notificationRetentionDays: 90,
      logging: { level: 'debug' },
      demoData: true,
      dataDir: '/var/tandem',
    });
  });

  test('takes empty text as not set and ignores unknown names', () => {
    const config = loadConfig({ ...required, PORT: '', HOST: ' ', DATABSE_POOL_MAX: '3' });
    expect(config.http).toMatchObject({ port: 3000, host: '127.0.0.1' });
    expect(config.database.poolMax).toBe(10);
  });

  test('is frozen all the way down', () => {
    const config = loadConfig(required);
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.http.corsOrigins)).toBe(true);
    expect(() => Object.assign(config.database, { url: 'elsewhere' })).toThrow(TypeError);
  });

  test('serves as an injection token', () => {
    expect(typeof Config).toBe('function');
  });
});

describe('a bad environment', () => {
  test('is one error with every bad name, a cure each, and no value', () => {
    const env = {
      NODE_ENV: 'live',
      PORT: '99999999',
      HOST: 'db:5432',
      PUBLIC_URL: 'https://api.example.com/canary-path',
      DATABASE_URL: 'mysql://canary-user:canary-secret@db/tandem',
      DATABASE_OWNER_URL: 'canary-owner',
      DATABASE_POOL_MAX: '-77',
      DATABASE_NAMED_STATEMENTS: 'canary-flag',
      ENCRYPTION_KEYS: 'canary-key',
      REDIS_URL: 'http://canary-redis',
      ROLE: 'canary-role',
      SMTP_URL: 'canary-smtp',
      CORS_ORIGINS: 'https://shop.example.com/canary',
      TRUST_PROXY: '10.0.0.0/33',
      LOG_LEVEL: 'canary-level',
      SHUTDOWN_GRACE_SECONDS: '-1',
    };
    const error = failure(env);
    expect(names(error)).toEqual(Object.keys(env).toSorted());
    for (const value of Object.values(env)) expect(error.message).not.toContain(value);
    expect(error.message).not.toContain('canary');
    for (const { variable, cure } of error.problems) expect(error.message).toContain(`  ${variable} ${cure}`);
  });

  test('of a provider of sign-in is told by its place, without its secret', () => {
    const error = failure({ ...required, SIGN_IN_PROVIDERS: providers({}, { clientSecret: 'canary', clientId: 7 }) });
    expect(error.message).toContain('See 1.clientId.');
    expect(error.message).not.toContain('canary');
  });

  test('says which names are required', () => {
    expect(names(failure({}))).toEqual(['DATABASE_URL', 'ENCRYPTION_KEYS']);
    expect(failure({}).message).toContain('DATABASE_URL is required');
  });

  test.each([
    ['PORT', ['-1', '3e3', '0x10', '65536', ' 1 2', '٣']],
    ['DATABASE_POOL_MAX', ['0', '1001', '2.5']],
    ['RATE_LIMIT_REQUESTS', ['0', '-1', '1e3', 'Infinity']],
    ['RATE_LIMIT_WINDOW_SECONDS', ['0', '86401', '1m']],
    ['DATABASE_NAMED_STATEMENTS', ['1', 'yes', 'TRUE']],
    ['DATABASE_URL', ['postgres://', 'postgres:///tandem', 'postgres://role@db', 'http://role@db/tandem', 'db/tandem']],
    ['PUBLIC_URL', ['api.example.com', 'ftp://api.example.com', 'https://a.example/v1', 'https://u:p@a.example']],
    ['CORS_ORIGINS', ['shop.example.com', 'https://a.example,', 'https://a.example/*', 'null']],
    [
      'WEB_REDIRECT_URIS',
      ['shop.example.com/in', 'https://a.example/#in', 'https://*.example/in', 'https://a.example/in,'],
    ],
    [
      'SIGN_IN_PROVIDERS',
      [
        'example',
        '{}',
        providers({ id: 'With Space' }),
        providers({ id: 'a/b' }),
        providers({ issuer: 'accounts.example.com' }),
        providers({ issuer: 'https://accounts.example.com/?tenant=1' }),
        providers({ clientId: '' }),
        providers({ name: ' ' }),
        providers({ scopes: ['email'] }),
        providers({ secret: 'misspelt' }),
        providers({}, {}),
        providers({}, { issuer: 'https://other.example.com' }),
        providers({}, { id: 'other' }),
        providers({ issuer: 'http://localhost:3000' }),
      ],
    ],
    ['TRUST_PROXY', ['true', '10.0.0.0/', '10.0.0.0/8/8', '::/129', '10.0.0/8']],
  ])('%s refuses what it cannot mean', (variable, values) => {
    for (const value of values) expect(names(failure({ ...required, [variable]: value }))).toEqual([variable]);
  });
});

describe('production', () => {
  test.each([
    ['PUBLIC_URL', { PUBLIC_URL: '' }],
    ['PUBLIC_URL', { PUBLIC_URL: 'http://api.example.com' }],
    ['CORS_ORIGINS', { CORS_ORIGINS: 'https://shop.example.com,*' }],
    ['TRUST_PROXY', { TRUST_PROXY: '0.0.0.0/0' }],
    ['SIGN_IN_PROVIDERS', { SIGN_IN_PROVIDERS: providers({ issuer: 'http://accounts.example.com' }) }],
    ['DEMO_DATA', { DEMO_DATA: 'true' }],
    ['DATABASE_OWNER_URL', { DATABASE_OWNER_URL: 'postgres://tandem_app:other@primary/tandem' }],
  ])('refuses an unsafe %s', (variable, unsafe) => {
    expect(names(failure({ ...production, ...unsafe }))).toEqual([variable]);
    if (variable !== 'PUBLIC_URL') expect(() => loadConfig({ ...required, ...unsafe })).not.toThrow();
  });

  test('lists unsafe and malformed variables together, each once', () => {
    const error = failure({ ...production, PUBLIC_URL: 'nowhere', CORS_ORIGINS: '*', DEMO_DATA: 'true', PORT: 'x' });
    expect(names(error)).toEqual(['CORS_ORIGINS', 'DEMO_DATA', 'PORT', 'PUBLIC_URL']);
  });

  test('may be tried out on localhost without TLS', () => {
    const url = 'http://localhost:3000';
    expect(loadConfig({ ...production, PUBLIC_URL: url }).http.publicUrl).toBe(url);
  });
});

function failure(env: Record<string, string | undefined>): ConfigError {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('The configuration was accepted.');
}

/** Each is right but for what is said of it. */
function providers(...changes: object[]): string {
  const right = { id: 'example', name: 'Example', issuer: 'https://accounts.example.com', clientId: 'tandem' };
  return JSON.stringify(changes.map((change) => ({ ...right, ...change })));
}

function names(error: ConfigError): string[] {
  return error.problems.map(({ variable }) => variable).toSorted();
}
