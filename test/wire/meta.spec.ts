import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allInputs } from '#libs/contract/input-schema.js';
import { allErrors } from '#libs/errors/catalogue.js';
import { allDetailCodes } from '#libs/errors/detail-codes.js';
import { allMessages, locales } from '#libs/messages/messages.js';
import { startWorld, type World } from '#test/harness/world.js';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.app.stop());

const kept = 'public, max-age=60, stale-while-revalidate=300';
const paths = [
  ['/v1/meta/schemas', 'application/json; charset=utf-8'],
  ['/v1/meta/schemas/UpdateProfileInput', 'application/schema+json; charset=utf-8'],
  ['/v1/meta/messages', 'application/json; charset=utf-8'],
  ['/v1/meta/messages/ar', 'application/json; charset=utf-8'],
];
describe.each(paths)('%s', (path, type) => {
  it('is the same for everybody, and kept by anybody', async () => {
    const answers = [
      await world.clients.anonymous.get(path),
      await world.clients.anonymous.get(path, { 'accept-language': 'ja' }),
      await world.clients.ada.get(path),
      await world.clients.admin.get(path),
    ];
    const [{ headers }] = answers;
    expect(headers.get('etag')).toMatch(/^"[\w-]{22}"$/);
    for (const { status, text, headers: sent } of answers) {
      expect([status, text]).toEqual([200, answers[0].text]);
      const named = ['content-type', 'cache-control', 'etag', 'vary'].map((name) => sent.get(name));
      expect(named).toEqual([type, kept, headers.get('etag'), 'accept-encoding']);
    }
  });
  it('costs a 304 when it is known', async () => {
    const { headers } = await world.clients.anonymous.get(path);
    const etag = headers.get('etag')!;
    for (const method of ['GET', 'HEAD'])
      for (const known of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
        const again = await world.clients.anonymous.rest(method, path, { headers: { 'if-none-match': known } });
        expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', etag]);
        expect(again.headers.get('cache-control')).toBe(kept);
      }
    const other = await world.clients.anonymous.get(path, { 'if-none-match': '"x"' });
    expect([other.status, other.headers.get('etag')]).toEqual([200, etag]);
  });
  it('asks nothing of the database', async () => {
    expect(await world.app.statements(() => world.clients.anonymous.get(path))).toBe(0);
  });
});
it.each(['schemas/Nothing', 'schemas/UserView', 'schemas/toString', 'messages/fr', 'messages/es-MX', 'messages/EN'])(
  '/v1/meta/%s is nothing',
  async (name) => {
    const { status, body, headers } = await world.clients.anonymous.get(`/v1/meta/${name}`);
    expect([status, body.error.code, headers.get('cache-control')]).toEqual([404, 'NOT_FOUND', 'private, no-store']);
  },
);

it('the index of the schemas leads to every input, with its tag', async () => {
  const { data } = (await world.clients.anonymous.get('/v1/meta/schemas')).body;
  expect(data.map(({ name }: { name: string }) => name)).toEqual([...allInputs().keys()]);
  for (const { name, description, href, etag } of data) {
    const { body, headers } = await world.clients.anonymous.get(href);
    expect([headers.get('etag'), body.title, body.description]).toEqual([etag, name, description]);
    expect(body.$id).toBe(`http://localhost:3000${href}`);
    expect(body.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
  }
});
it('the texts of every language are those of the catalogue', async () => {
  const { data } = (await world.clients.anonymous.get('/v1/meta/messages')).body;
  expect(data.map(({ locale, name, direction }: Record<string, string>) => [locale, name, direction])).toEqual([
    ['en', 'English', 'ltr'],
    ['de', 'Deutsch', 'ltr'],
    ['es', 'español', 'ltr'],
    ['ar', 'العربية', 'rtl'],
    ['ja', '日本語', 'ltr'],
  ]);
  const keys = [...allErrors().map(({ code }) => code), ...allDetailCodes().map(({ code }) => `detail.${code}`)];
  for (const [i, { href, etag }] of data.entries()) {
    const { body, headers } = await world.clients.anonymous.get(href);
    expect([headers.get('etag'), headers.get('content-language')]).toEqual([etag, locales[i]]);
    expect(Object.keys(body.messages)).toEqual(expect.arrayContaining(keys));
    for (const [key, row] of allMessages()) expect(body.messages[key]).toBe(row[locales[i]]);
  }
});
it('every message that a schema names is in the catalogue', async () => {
  const { messages } = (await world.clients.anonymous.get('/v1/meta/messages/en')).body;
  const named = new Set<string>();
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [name, value] of Object.entries(node))
      if (name === 'x-messages')
        for (const { key, code } of Object.values(value as Record<string, { key: string; code: string }>)) {
          expect(key).toBe(`detail.${code}`);
          named.add(key);
        }
      else visit(value);
  };
  for (const input of allInputs().keys()) visit((await world.clients.anonymous.get(`/v1/meta/schemas/${input}`)).body);
  expect(Object.keys(messages)).toEqual(expect.arrayContaining([...named]));
  expect(named.size).toBeGreaterThan(8);
});
