import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withCodeSamples } from '#libs/http/docs/code-samples.js';
import { docsPaths } from '#libs/http/docs/install-docs.js';
import { openApiDocument } from '#libs/http/docs/openapi.js';
import { operationsOf, type OpenApiDocument, type Schema } from '#libs/http/docs/openapi-document.js';
import { apiDescription } from '#src/docs/api-description.js';
import { TestApp } from '../harness/test-app.js';

const publicUrl = 'https://api.example.com';

let test: TestApp;
let document: OpenApiDocument;
let token: string;
beforeAll(async () => {
  test = await TestApp.start({ env: { PUBLIC_URL: publicUrl } });
  document = (await test.anonymous.get<OpenApiDocument>(docsPaths.openApi)).body;
  const id = uuidv7();
  await test.database.sql(
    `insert into users (id, email, display_name, roles) values ($1, 'admin@tandem.example', 'Admin', '{admin}')`,
    [id],
  );
  token = await test.issuer.token(id);
});
afterAll(() => test?.stop());

interface Sent {
  readonly operationId: string;
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}
/** The requests of the JavaScript samples, as `fetch` gets them. */
async function sentBy(samples: OpenApiDocument): Promise<Sent[]> {
  const requests: Sent[] = [];
  for (const [, , { operationId, 'x-codeSamples': all }] of operationsOf(samples)) {
    const { source } = all!.find(({ label }) => label === 'JavaScript')!;
    const fetch = (url: string, options: Omit<Sent, 'url' | 'operationId'>) => {
      requests.push({ operationId, url, ...options });
      return Promise.resolve(Response.json({}));
    };
    // oxlint-disable-next-line typescript/no-implied-eval, typescript/no-unsafe-call -- samples are there to be run
    new Function('fetch', 'console', source)(fetch, { log() {}, error() {} });
  }
  return requests;
}
/** Bodies that the schema of their operation refuses, by operationId. */
async function badBodies(samples: OpenApiDocument): Promise<string[]> {
  const ajv = new Ajv2020({ strict: false, unicodeRegExp: true });
  formats.default(ajv);
  for (const format of ['int32', 'int64']) ajv.addFormat(format, true);
  ajv.addSchema({ $id: 'document', ...samples });
  const requests = new Map((await sentBy(samples)).map((request) => [request.operationId, request]));
  const bad: string[] = [];
  for (const [, , { operationId, requestBody }] of operationsOf(samples)) {
    const { body } = requests.get(operationId)!;
    const schema = requestBody?.content['application/json'].schema;
    if (!schema && body === undefined) continue;
    const { $ref } = (schema ?? {}) as Schema & { $ref?: string };
    if (!body || !$ref || !ajv.validate({ $ref: `document${$ref}` }, JSON.parse(body)))
      bad.push(`${operationId}: ${ajv.errorsText()}`);
  }
  return bad;
}

it('every operation has samples for the public address', () => {
  const lacking = [...operationsOf(document)].filter(([, , operation]) => {
    const samples = operation['x-codeSamples'] ?? [];
    return (
      samples.map(({ label }) => label).join() !== 'curl,JavaScript,Swift,Kotlin' ||
      !samples.every(({ source }) => source.includes(`${publicUrl}/v1/`))
    );
  });
  expect(lacking.map(([, , { operationId }]) => operationId)).toEqual([]);
});

describe('the samples', () => {
  it('send bodies that the schema of their operation takes', async () => {
    expect(await badBodies(document)).toEqual([]);
  });
  it('and one that it does not take would be found', async () => {
    const broken = openApiDocument(test.app, apiDescription);
    const [, , operation] = [...operationsOf(broken)].find(([method, , o]) => method === 'patch' && o.requestBody)!;
    operation.requestBody!.content['application/json'].example = { unheardOf: true };
    expect(await badBodies(await withCodeSamples(broken, publicUrl))).toEqual([
      expect.stringContaining(`${operation.operationId}: `),
    ]);
  });
  it('are understood by the service: what they name may not be there, but nothing is wrong with how they ask', async () => {
    const wrong: string[] = [];
    for (const { operationId, url, method, headers, body } of await sentBy(document)) {
      const given = { ...headers, ...(headers.Authorization && { Authorization: `Bearer ${token}` }) };
      const answer = await fetch(url.replace(publicUrl, test.url), { method, headers: given, body });
      const text = await answer.text();
      const { error } = (text && JSON.parse(text)) as { error?: { details: { code: string }[] } };
      const isMissed = answer.status === 400 && error?.details.every(({ code }) => code === 'NOT_FOUND');
      if (![200, 201, 204, 404, 409, 412].includes(answer.status) && !isMissed)
        wrong.push(`${operationId}: ${answer.status} ${text}`);
    }
    expect(wrong).toEqual([]);
  }, 60_000);
});
