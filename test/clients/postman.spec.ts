import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { docsPaths } from '../../libs/http/docs/install-docs.js';
import { operationsOf, type OpenApiDocument } from '../../libs/http/docs/openapi-document.js';
import { seedDemo } from '../../src/demo/demo-data.js';
import { TestApp } from '../harness/test-app.js';
import { tokenOf } from './account.js';
import { postmanCollection, textOf, type Collection } from './postman-collection.js';

interface Execution {
  item: { name: string };
  request: { method: string; url: { path: string[] } };
  response?: { code: number; stream: { data: number[] } };
  requestError?: { code: string };
  assertions?: { assertion: string; error?: { message: string } }[];
}
interface Report {
  run: { executions: Execution[]; failures: { error: { test?: string; message: string } }[] };
}
const newman = join(dirname(createRequire(import.meta.url).resolve('newman/package.json')), 'bin/newman.js');

let app: TestApp;
let token: string;
let document: OpenApiDocument;
let folder: string;
beforeAll(async () => {
  app = await TestApp.start();
  await seedDemo(app.database.servingUrl, new Date());
  token = await tokenOf(app, 'admin');
  document = (await app.anonymous.get<OpenApiDocument>(docsPaths.openApi)).body;
  folder = mkdtempSync(join(tmpdir(), 'postman-'));
});
afterAll(async () => {
  await app?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs it again while the machine is too busy for an answer in time, which is not what is tested here. */
async function runUndisturbed(collection: Collection): Promise<Execution[]> {
  for (let left = 3; ; left--) {
    const executions = await run(collection);
    if (left === 0 || !executions.some(({ response }) => response?.code === 503)) return executions;
  }
}
/** Runs the collection as somebody would who has downloaded it. */
async function run(collection: Collection, baseUrl = app.url): Promise<Execution[]> {
  const file = join(folder, 'collection.json');
  const report = join(folder, 'report.json');
  writeFileSync(file, JSON.stringify(collection));
  await new Promise<void>((done) => {
    const variables = ['--env-var', `baseUrl=${baseUrl}`, '--env-var', `token=${token}`];
    const reporters = ['--reporters', 'json', '--reporter-json-export', report];
    // It ends with 1 when a check failed; the report says which.
    execFile(process.execPath, [newman, 'run', file, ...variables, ...reporters], () => done());
  });
  return (JSON.parse(readFileSync(report, 'utf8')) as Report).run.executions;
}
const failures = (executions: Execution[]) =>
  executions.flatMap(({ item, response, requestError, assertions = [] }) => [
    ...(requestError ? [`${item.name}: ${requestError.code}`] : []),
    ...assertions
      .filter(({ error }) => error)
      .map(({ assertion }) => {
        const answer = response && Buffer.from(response.stream.data).toString().slice(0, 300);
        return `${item.name}: ${assertion}: ${response?.code} ${answer}`;
      }),
  ]);
type Item = Collection['item'][number]['item'][number];
const scriptOf = ({ event = [] }: Item, listen: 'prerequest' | 'test') =>
  event.find((e) => e.listen === listen)?.script.exec.join('\n') ?? '';
/** Variables for an id of a list that had no rows for the caller, and that nothing made a row for either. */
function emptyLists(collection: Collection, executions: Execution[]): string[] {
  const answered = all(collection).flatMap((item) => {
    const { response } = executions.find(({ item: { name } }) => name === item.name) ?? {};
    return response ? [{ script: scriptOf(item, 'test'), response }] : [];
  });
  const isMade = (variable: string) =>
    answered.some(
      ({ script, response }) => response.code === 201 && script.includes(`set('${variable}', pm.response.json().id)`),
    );
  return answered.flatMap(({ script, response }) => {
    const [, variable] = /set\('(\w+)', row\.id\)/.exec(script) ?? [];
    if (!variable || response.code !== 200 || isMade(variable)) return [];
    const { data } = JSON.parse(Buffer.from(response.stream.data).toString()) as { data: unknown[] };
    return data.length === 0 ? [variable] : [];
  });
}
const isWithoutRow = (item: Item, empty: readonly string[]) =>
  empty.some((variable) => scriptOf(item, 'prerequest').includes(`'${variable}'`));
const all = ({ item }: Collection) => item.flatMap((tag) => tag.item);

describe('the collection', () => {
  it('that is served is made from the contract that is served', async () => {
    const path = resolve(import.meta.dirname, '../../src/docs/postman-collection.json');
    await expect(
      textOf(await postmanCollection(withoutSamples(document))),
      'The contract has changed: run `npm run docs:api`.',
    ).toMatchFileSnapshot(path);
  });
  it('is served with the public address, to anybody', async () => {
    const { status, headers, body } = await app.anonymous.get<Collection>('/openapi/v1.postman.json');
    expect([status, headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    expect(body.info.schema).toBe('https://schema.getpostman.com/json/collection/v2.1.0/collection.json');
    expect(body.variable).toEqual([
      { key: 'baseUrl', value: 'http://localhost:3000' },
      { key: 'token', value: '' },
    ]);
  });
  it('has every operation once, with what it takes', async () => {
    const requests = all(await postmanCollection(document)).map(
      ({ request: { method, url } }) => `${method.toLowerCase()} /${url.path.join('/').replace(/:(\w+)/g, '{$1}')}`,
    );
    expect(requests.sort()).toEqual([...operationsOf(document)].map(([method, path]) => `${method} ${path}`).sort());
  });
});

describe('newman', () => {
  it('runs it from its beginning to its end, twice, but for rows of which the caller has none', async () => {
    const collection = (await app.anonymous.get<Collection>('/openapi/v1.postman.json')).body;
    for (const time of ['first', 'second']) {
      const executions = await runUndisturbed(collection);
      expect(failures(executions), time).toEqual([]);
      const answered = executions.filter(({ response }) => response);
      const expected = all(collection).filter((item) => !isWithoutRow(item, emptyLists(collection, executions)));
      expect(
        answered.map(({ item }) => item.name),
        time,
      ).toEqual(expected.map(({ name }) => name));
      expect(expected.length).toBeGreaterThan(all(collection).length * 0.75);
      expect(answered.every(({ assertions }) => assertions && assertions.length >= 2)).toBe(true);
    }
  });
  it('finds what is wrong, and skips what it has no id for', async () => {
    const collection = await postmanCollection(document);
    const tag = collection.item.find(({ item }) => item.some(({ request }) => request.url.variable.length > 0))!;
    const list = tag.item.find(({ request }) => request.method === 'GET' && request.url.variable.length === 0)!;
    const byId = tag.item.find(({ request }) => request.method === 'GET' && request.url.variable.length > 0)!;
    list.request.url.path = ['v1', 'nothing'];
    collection.item = [{ ...tag, item: [list, byId] }];
    const executions = await run(collection);
    expect(failures(executions)).toEqual([
      expect.stringMatching(/: answers with a declared status, .*: 404 /),
      expect.stringMatching(/: succeeds: 404 /),
    ]);
    expect(executions.filter(({ response }) => response)).toHaveLength(1);
    expect(failures(await run(collection, 'http://127.0.0.1:1'))[0]).toBe(`${list.name}: ECONNREFUSED`);
  });
});

function withoutSamples(served: OpenApiDocument): OpenApiDocument {
  const plain = structuredClone(served);
  for (const [, , operation] of operationsOf(plain)) delete operation['x-codeSamples'];
  return plain;
}
