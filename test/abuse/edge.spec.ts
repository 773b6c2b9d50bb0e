// Weaknesses at the door: headers that are on in development only, CORS for everybody with credentials, methods and paths
// that walk around a check, header injection, errors that tell too much.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Wire, type Received, type Sent } from '#test/fuzz/transport.js';
import { inside } from '#test/fuzz/rest-answers.js';
import { startWorld, type World } from '#test/harness/world.js';

let world: World;
let wire: Wire;
let token: string;
const app = 'https://app.example.com';
beforeAll(async () => {
  // As in production: what is switched on outside of it only would be missing here.
  world = await startWorld({
    env: {
      NODE_ENV: 'production',
      PUBLIC_URL: 'https://api.example.com',
      SMTP_URL: 'smtp://mail.example',
      CORS_ORIGINS: app,
    },
  });
  wire = new Wire(world.app.url);
  token = await world.app.issuer.token(world.ids.ada);
});
afterAll(async () => {
  wire?.close();
  await world?.app.stop();
});
type Headers = Sent['headers'];
const ask = (method: string, target: string, headers: Headers = [], body?: string): Promise<Received> =>
  wire.send({ method, target, headers, ...(body !== undefined && { body: Buffer.from(body) }) });
const json: Headers[number] = ['content-type', 'application/json'];
const asAda = (): Headers[number] => ['authorization', `Bearer ${token}`];

describe('in production', () => {
  it.each([
    ['an answer', 'GET', '/v1/users/me'],
    ['an error', 'GET', '/v1/nothing'],
    ['a method that is not allowed', 'PUT', '/v1/users'],
    ['GraphQL', 'POST', '/graphql'],
    ['a preflight', 'OPTIONS', '/v1/users'],
    ['a page', 'GET', '/docs'],
  ])('%s carries the security headers', async (_name, method, target) => {
    const { headers } = await ask(method, target, [asAda()]);
    expect(headers).toMatchObject({
      'strict-transport-security': expect.stringMatching(/^max-age=\d{8}/),
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
    });
    expect(headers).not.toHaveProperty('x-powered-by');
    expect(headers).not.toHaveProperty('server');
  });
  it('GraphQL says nothing of its schema to those who ask it', async () => {
    const { body } = await world.app.anonymous.rest('POST', '/graphql', {
      body: { query: '{ __schema { types { name } } }' },
    });
    expect(body.errors[0].extensions.code).toBe('GRAPHQL_INVALID');
    expect(body.data ?? null).toBeNull();
  });
  it('only pages of ours may call from a browser, never any page with credentials', async () => {
    for (const origin of [
      'https://evil.example',
      `${app}.evil.example`,
      'null',
      'http://app.example.com',
      `${app}:444`,
    ]) {
      for (const method of ['GET', 'OPTIONS']) {
        const { headers } = await ask(method, '/v1/users/me', [
          ['origin', origin],
          ['access-control-request-method', 'GET'],
        ]);
        expect(headers['access-control-allow-origin'] ?? app).toBe(app);
        expect(headers['access-control-allow-origin']).not.toBe('*');
      }
    }
    const { headers } = await ask('GET', '/v1/products', [['origin', app]]);
    expect(headers['access-control-allow-origin']).toBe(app);
    expect(headers.vary.toLowerCase()).toContain('origin');
  });
});

describe('a path', () => {
  const known = '/v1/users';
  it.each([
    ['//v1/users'],
    ['/v1//users'],
    ['/v1/users/'],
    ['/V1/users'],
    ['/v1/Users'],
    ['/v1/users;admin=true'],
    ['/v1/./users'],
    ['/v1/products/../users'],
    ['/v1/products/%2e%2e/users'],
    ['/v1/products/..%2fusers'],
    ['/v1/users%2f'],
    ['/v1/users%20'],
    ['/v1/users.json'],
    ['/v1%2fusers'],
    ['/v1/users\\'],
    ['/./v1/users'],
    ['/v1/users%23'],
  ])('%s is not another way to the users', async (target) => {
    for (const headers of [[], [asAda()]] as Headers[]) {
      const { status } = await ask('GET', target, headers);
      expect([400, 404]).toContain(status);
    }
  });
  it('is asked for a token however its letters are written', async () => {
    for (const target of [known, '/%76%31/%75sers', '/v1/%75sers?x=1', '/v1/users?'])
      expect((await ask('GET', target)).status).toBe(401);
  });
  it('of the whole request line is the same one', async () => {
    const { status } = await ask('GET', `${world.app.url}/v1/users`);
    expect([400, 401, 404]).toContain(status);
  });
});

describe('a method', () => {
  it('is the one of the request line, whatever a header or parameter says', async () => {
    const id = world.ids.grace;
    for (const name of ['x-http-method-override', 'x-http-method', 'x-method-override'])
      expect((await ask('GET', `/v1/users/${id}/suspend`, [asAda(), [name, 'POST']])).status).toBe(405);
    expect((await ask('POST', `/v1/users?_method=DELETE`, [asAda(), json], '{}')).status).toBe(405);
  });
  it('HEAD asks for what GET asks for', async () => {
    for (const target of ['/v1/users', '/v1/users/me']) {
      const [head, get] = [await ask('HEAD', target), await ask('GET', target)];
      expect([head.status, head.text]).toEqual([get.status, '']);
    }
    expect((await ask('HEAD', '/v1/users/me', [asAda()])).status).toBe(200);
    const query = encodeURIComponent('mutation { updateMe(input: { displayName: "by HEAD" }) { id } }');
    expect((await ask('HEAD', `/graphql?query=${query}`, [asAda()])).status).toBe(405);
    expect((await ask('GET', `/graphql?query=${query}`, [asAda()])).status).toBe(405);
    const [{ display_name: name }] = await world.app.database.sql('select display_name from users where id = $1', [
      world.ids.ada,
    ]);
    expect(name).not.toBe('by HEAD');
  });
  it('OPTIONS does nothing and tells nothing', async () => {
    for (const target of ['/v1/users', `/v1/users/${world.ids.ada}`, '/graphql']) {
      const { status, text } = await ask('OPTIONS', target, [asAda()]);
      expect([status, text]).toEqual([204, '']);
    }
  });
  it.each(['TRACE', 'PROPFIND', 'COPY', 'LINK', 'PURGE', 'SEARCH'])('%s is no method of ours', async (method) => {
    const { status, text } = await ask(method, '/v1/users/me', [asAda(), ['x-secret', 'echo-me']]);
    expect([400, 404, 405, 501]).toContain(status);
    expect(text).not.toContain('echo-me');
  });
});

describe('what goes into header fields', () => {
  it('cannot become one of its own', async () => {
    for (const text of ['%0d%0aSet-Cookie:%20a=b', '%0aX-Injected:%201', 'x%00y', '%E5%98%8A%E5%98%8DX-Injected:1']) {
      for (const target of [
        `/v1/products?q=${text}&limit=1`,
        `/v1/products?name[contains]=${text}&limit=1`,
        `/v1/products/${text}`,
      ]) {
        const { headers } = await ask('GET', target, [['x-correlation-id', 'a%0d%0ab']]);
        expect(headers).not.toHaveProperty('set-cookie');
        expect(headers).not.toHaveProperty('x-injected');
      }
    }
  });
  it('of the next page is what was asked, on this server', async () => {
    const { headers } = await ask('GET', `/v1/users?limit=1&sort=-createdAt`, [
      ['authorization', `Bearer ${await world.app.issuer.token(world.ids.admin)}`],
      ['host', 'evil.example'],
      ['x-forwarded-host', 'evil.example'],
      ['x-forwarded-proto', 'javascript'],
    ]);
    expect(headers.link).toMatch(/^<\/v1\/users\?[^>]*>; rel="next"$/);
    expect(JSON.stringify(headers)).not.toContain('evil.example');
  });
});

describe('errors', () => {
  it('tell nothing of stack, SQL, files, or of packages and their versions', async () => {
    const answers = await Promise.all([
      ask('POST', '/graphql', [json], '{"query":"{ nothing }"}'),
      ask('POST', '/graphql', [json], '{'),
      ask('PATCH', '/v1/users/me', [asAda(), json], '{"displayName":1}'),
      ask('GET', `/v1/users/'`, [asAda()]),
      ask('GET', '/v1/users/%zz', [asAda()]),
      ask('GET', '/v1/users?sort=id)%20from%20users;--', [asAda()]),
      ask('GET', '/v1/users?after=bm9wZQ', [asAda()]),
      ask('GET', '/docs/../../package.json'),
      ask('GET', '/docs/%2e%2e/%2e%2e/package.json'),
    ]);
    for (const { status, text } of answers) {
      expect(status).toBeLessThan(500);
      // A document that is wrong is a 200 to clients that ask GraphQL for plain JSON.
      expect(status >= 400 || text.includes('"errors"')).toBe(true);
      expect(text).not.toMatch(inside);
      expect(text).not.toMatch(/fastify|nestjs|postgres|mercurius|"dependencies"/i);
    }
  });
});

describe('what is for operators only', () => {
  it.each([
    '/admin',
    '/admin/cache',
    '/cache',
    '/cache/clear',
    '/v1/cache',
    '/metrics',
    '/debug',
    '/config',
    '/env',
    '/.env',
    '/.git/config',
    '/package.json',
    '/actuator',
    '/health',
    '/health/details',
    '/queues',
    '/server-status',
    '/v1/seed',
    '/v1/reset',
    '/uploads',
  ])('is not at %s, by any method', async (target) => {
    for (const method of ['GET', 'POST', 'DELETE'])
      expect([404, 405]).toContain((await ask(method, target, [json], method === 'GET' ? undefined : '{}')).status);
  });
  it('and the probes say no more than they have to', async () => {
    for (const path of ['/health/live', '/health/ready', '/health/startup'])
      expect((await ask('GET', path)).text).not.toMatch(/postgres|version|host|\d+\.\d+\.\d+/i);
  });
});
