// Weaknesses: a handler that nobody guards, a module that is written and never mounted, fields that a client was not meant
// to set, texts of a search that are patterns, one request that does the work of a thousand.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fingerprint } from '#libs/testing/snapshot.js';
import { Fuzz } from '#test/fuzz/fuzz.js';
import { errorOf } from '#test/fuzz/rest-answers.js';
import { sentOf, validRequest } from '#test/fuzz/rest-requests.js';

let fuzz: Fuzz;
beforeAll(async () => {
  fuzz = await Fuzz.start();
});
afterAll(() => fuzz?.stop());

const one = <T>(arbitrary: fc.Arbitrary<T>, fits: (value: T) => boolean = () => true): T =>
  fc.sample(arbitrary.filter(fits), { numRuns: 1, seed: 11 })[0];

describe('somebody without an account', () => {
  it('gets a 401 from everything that does not say that it is open, and changes nothing anywhere', async () => {
    const before = await fingerprint(fuzz.world.app.database);
    const answered: string[] = [];
    for (const operation of fuzz.contract.operations) {
      const { security } = fuzz.contract.document.paths[operation.path][operation.method]!;
      const isOpen = security?.some((scheme) => Object.keys(scheme).length === 0) ?? false;
      const { status } = await fuzz.wire.send(sentOf(operation, one(validRequest(operation, fuzz.words)), undefined));
      if (!isOpen && status !== 401) answered.push(`${operation.id}: ${status}`);
      if (isOpen && operation.method !== 'get') answered.push(`${operation.id} changes something and is open`);
    }
    expect(answered).toEqual([]);
    expect(await fingerprint(fuzz.world.app.database)).toBe(before);
  });
});

describe('every module', () => {
  it('with a controller or a resolver is mounted: its operations are described and answer', async () => {
    const source = join(import.meta.dirname, '../../src');
    const controllers = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.controller.ts'),
    );
    expect(controllers.length).toBeGreaterThan(2);
    const tags = new Set(fuzz.contract.document.tags.map(({ name }) => name));
    expect(tags.size).toBeGreaterThan(1);
    const silent: string[] = [];
    for (const operation of fuzz.contract.operations) {
      const { status, text } = await fuzz.wire.send(
        sentOf(operation, one(validRequest(operation, fuzz.words)), fuzz.token('admin')),
      );
      if (status === 404 && errorOf(text).code === 'NOT_FOUND') silent.push(operation.id);
    }
    expect(silent).toEqual([]);
    // A controller that serves no path of the document, and is not one of the probes, is not mounted.
    const paths = new Set(Object.keys(fuzz.contract.document.paths).map((path) => path.split('/')[2]));
    const unmounted = controllers
      .map((name) => name.replace(/^.*\//, '').replace('.controller.ts', ''))
      .filter((name) => name !== 'health' && !paths.has(name));
    expect(unmounted).toEqual([]);
    await fuzz.restore();
  });
});

describe('fields that nobody may set', () => {
  const privileged = [
    'id',
    'version',
    'xid',
    'roles',
    'isAdmin',
    'ownerId',
    'customerId',
    'userId',
    'deletedAt',
    'createdAt',
    'status',
    'email',
    'password',
  ];
  it('are refused by every operation whose input does not name them', async () => {
    const before = await fingerprint(fuzz.world.app.database);
    const taken: string[] = [];
    let tried = 0;
    for (const operation of fuzz.contract.operations) {
      if (!operation.body) continue;
      const request = one(validRequest(operation, fuzz.words), ({ body }) => body !== undefined);
      const value = JSON.parse(request.body!.bytes.toString()) as Record<string, unknown>;
      const [schema] = Object.values(operation.body.schemas);
      const named = fuzz.contract.schemaOf(schema.$ref as string).properties as object;
      for (const name of privileged.filter((n) => !(n in named))) {
        tried++;
        const bytes = Buffer.from(JSON.stringify({ ...value, [name]: name === 'roles' ? ['admin'] : name }));
        const sent = sentOf(operation, { ...request, body: { type: 'application/json', bytes } }, fuzz.token('admin'));
        const { status, text } = await fuzz.wire.send(sent);
        const details = status === 400 ? errorOf(text).details : [];
        if (!details.some((d) => d.field === name && d.code === 'UNKNOWN_FIELD'))
          taken.push(`${operation.id} ${name}: ${status}`);
      }
    }
    expect(taken).toEqual([]);
    expect(tried).toBeGreaterThan(50);
    expect(await fingerprint(fuzz.world.app.database)).toBe(before);
  });
});

describe('a text that is looked for', () => {
  it('is no pattern: % and _ stand for themselves', async () => {
    let asked = 0;
    for (const { method, path, parameters } of fuzz.contract.operations) {
      if (method !== 'get') continue;
      for (const { name } of parameters.filter((p) => p.name.endsWith('[contains]')))
        for (const text of ['%', '_', '\\', '%_%', '*', '.*', '[a-z]']) {
          asked++;
          const { status, body } = await fuzz.world.clients.admin.get<{ data: Record<string, unknown>[] }>(
            `${path}?${name}=${encodeURIComponent(text)}&limit=100`,
          );
          expect(status).toBe(200);
          const field = name.replace('[contains]', '');
          expect(body.data.filter((row) => !String(row[field]).includes(text))).toEqual([]);
        }
    }
    expect(asked).toBeGreaterThan(0);
  });
});

describe('one request to GraphQL', () => {
  const sent = (body: unknown) => fuzz.world.clients.ada.rest('POST', '/graphql', { body });
  const statements = async (body: unknown) => {
    let answer: { status: number; text: string } | undefined;
    const count = await fuzz.world.app.statements(async () => (answer = await sent(body)));
    return { ...answer!, count };
  };
  it.each<[string, unknown]>([
    ['a batch', Array.from({ length: 100 }, () => ({ query: '{ me { id } }' }))],
    ['a batch of one', [{ query: '{ me { id } }' }]],
    ['a hundred aliases', { query: `{ ${Array.from({ length: 100 }, (_, i) => `a${i}: me { id }`).join(' ')} }` }],
    [
      'a hundred mutations under aliases',
      { query: `mutation { ${Array.from({ length: 100 }, (_, i) => `a${i}: updateMe(input: {}) { id }`).join(' ')} }` },
    ],
    ['fragments in a circle', { query: 'query { ...A } fragment A on Query { ...B } fragment B on Query { ...A }' }],
    [
      'fragments that double at each step',
      {
        query: `{ ...F0 } ${Array.from({ length: 25 }, (_, i) => `fragment F${i} on Query { ...F${i + 1} ...F${i + 1} }`).join(' ')} fragment F25 on Query { me { id } }`,
      },
    ],
    ['a thousand directives', { query: `{ me { id ${'@skip(if: false) '.repeat(1000)} } }` }],
    ['a document without an end', { query: '{ me '.repeat(3000) }],
  ])('%s is refused before any statement, or does the work of one', async (_name, body) => {
    const { status, text, count } = await statements(body);
    expect(status).toBeLessThan(500);
    if (text.includes('"errors"') || text.includes('"error"')) expect(count).toBe(0);
    else expect(count).toBeLessThan(3);
  });
});
