import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { FastifyInstance } from 'fastify';
import { buildClientSchema, buildSchema, validateSchema, type GraphQLSchema, type IntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allErrors } from '#libs/errors/catalogue.js';
import type { ErrorBody } from '#libs/errors/error-body.js';
import { errorsDoc } from '#libs/errors/errors-doc.js';
import { docsPaths } from '#libs/http/docs/install-docs.js';
import { openApiDocument } from '#libs/http/docs/openapi.js';
import { operationsOf, type OpenApiDocument, type Operation, type Schema } from '#libs/http/docs/openapi-document.js';
import { sdlOf } from '#libs/http/docs/sdl.js';
import { undescribedInOpenApi, undescribedInSdl } from '#libs/http/docs/undescribed.js';
import { allMessages, translationProblems } from '#libs/messages/messages.js';
import { operationsOf as handlersOf } from '#libs/testing/operations.js';
import { apiDescription } from '#src/docs/api-description.js';
import { nowhere } from '../harness/callers.js';
import { TestApp } from '../harness/test-app.js';

const root = resolve(import.meta.dirname, '../..');
const file = (path: string) => resolve(root, path);
const changed = (what: string) =>
  `${what} has changed. If that is meant, run \`npm run docs:api\` and review the difference.`;

function withoutSamples(body: string): string {
  const served = JSON.parse(body) as OpenApiDocument;
  for (const [, , operation] of operationsOf(served)) delete operation['x-codeSamples'];
  return JSON.stringify(served);
}
const isOpen = ({ security }: Operation) => security?.some((scheme) => Object.keys(scheme).length === 0) ?? false;

let test: TestApp;
let document: OpenApiDocument;
let schema: GraphQLSchema;
beforeAll(async () => {
  test = await TestApp.start();
  document = openApiDocument(test.app, apiDescription);
  schema = (
    test.app.getHttpAdapter().getInstance() as unknown as FastifyInstance & { graphql: { schema: GraphQLSchema } }
  ).graphql.schema;
});
afterAll(() => test?.stop());

describe('the contract that is kept here is the one that is served', () => {
  it('REST: openapi.json', async () => {
    const text = `${JSON.stringify(document, null, 2)}\n`;
    await expect(text, changed('The REST contract')).toMatchFileSnapshot(file('test/contract/openapi.json'));
  });
  it('GraphQL: schema.graphql', async () => {
    await expect(sdlOf(schema), changed('The GraphQL contract')).toMatchFileSnapshot(
      file('test/contract/schema.graphql'),
    );
    // Not checked when the service starts.
    expect(validateSchema(buildSchema(sdlOf(schema)))).toEqual([]);
  });
  it('texts: every translation fits', () => {
    expect(allMessages().size).toBeGreaterThan(100);
    expect(translationProblems()).toEqual([]);
  });
  it('errors: docs/errors.md', async () => {
    await expect(errorsDoc(), changed('The error catalogue')).toMatchFileSnapshot(file('docs/errors.md'));
  });
  it.each([
    // Code samples are left out here: they follow from the rest.
    [docsPaths.openApi, 'application/json; charset=utf-8', withoutSamples, () => JSON.stringify(document)],
    [docsPaths.sdl, 'text/plain; charset=utf-8', (body: string) => body, () => sdlOf(schema)],
  ])('%s answers with it, to anybody', async (path, type, contract, text) => {
    const { status, headers, text: body } = await test.anonymous.get(path);
    expect({ status, type: headers.get('content-type') }).toEqual({ status: 200, type });
    expect(contract(body)).toBe(text());
    expect(headers.get('cache-control')).toMatch(/^public, /);
    const again = await test.anonymous.get(path, { 'if-none-match': headers.get('etag')! });
    expect({ status: again.status, body: again.text }).toEqual({ status: 304, body: '' });
  });
});

it('GraphiQL learns the same schema where introspection is off', async () => {
  const { body } = await test.anonymous.get<{ data: IntrospectionQuery }>(docsPaths.introspection);
  expect(sdlOf(buildClientSchema(body.data))).toBe(sdlOf(schema));
});

describe('everything is described', () => {
  it('in the OpenAPI document, with examples and bounds', () => {
    expect(undescribedInOpenApi(document)).toEqual([]);
  });
  it('in the GraphQL schema', () => {
    expect(undescribedInSdl(schema)).toEqual([]);
  });
  it('and what is not would be found', () => {
    const broken = structuredClone(document);
    const [, path, operation] = [...operationsOf(broken)][0];
    operation.summary = '';
    const isText = ({ type }: Schema) => type === 'string';
    const name = Object.entries(broken.components.schemas).find(([, { properties = {} }]) =>
      Object.values(properties as Record<string, Schema>).some(isText),
    )![0];
    const properties = broken.components.schemas[name].properties as Record<string, Schema>;
    const [field, property] = Object.entries(properties).find(([, p]) => p.type === 'string')!;
    delete property.description;
    delete property.examples;
    expect(undescribedInOpenApi(broken)).toEqual([
      expect.stringMatching(new RegExp(`^[A-Z]+ ${path}: summary$`)),
      `${name}.${field}: description`,
      `${name}.${field}: example`,
    ]);
  });
  it('by an error code of the catalogue for every way to fail', () => {
    const declared = new Set(Object.keys(document.components.responses).flatMap((name) => name.split('.')));
    const operationIds = [...operationsOf(document)].map(([, , { operationId }]) => operationId);
    const undeclared = allErrors().filter(({ code }) => !declared.has(code));
    expect(undeclared.map(({ code }) => code)).toEqual([
      // Only what is created can be there already.
      ...(operationIds.some((id) => id.startsWith('create')) ? [] : ['CONFLICT']),
      // No operation at all, or one of GraphQL's.
      'GRAPHQL_INVALID',
      'METHOD_NOT_ALLOWED',
      'PERSISTED_QUERY_MISMATCH',
      'PERSISTED_QUERY_NOT_FOUND',
      'PERSISTED_QUERY_NOT_SUPPORTED',
      'QUERY_NOT_LISTED',
      'QUERY_TOO_COMPLEX',
      // No operation takes a URL that is called.
      'REMOTE_FAILED',
      'URL_NOT_ALLOWED',
    ]);
  });
});

describe('the OpenAPI document holds together', () => {
  const ajv = new Ajv2020({ strict: false, allErrors: true, unicodeRegExp: true });
  formats.default(ajv);
  for (const format of ['int32', 'int64']) ajv.addFormat(format, true);
  const problems: string[] = [];
  /** Most examples have a schema in common with others, and compiling it takes longer than checking them. */
  const compiled = new Map<string, ValidateFunction>();
  const check = (where: string, schema: Schema, value: unknown) => {
    const rooted = JSON.stringify(schema).replaceAll('"#/components', '"document#/components');
    let validate = compiled.get(rooted);
    if (!validate) compiled.set(rooted, (validate = ajv.compile(JSON.parse(rooted) as Schema)));
    if (!validate(value)) problems.push(`${where}: ${ajv.errorsText(validate.errors)}`);
  };
  const visit = (where: string, node: unknown, look: (where: string, node: Record<string, unknown>) => void): void => {
    if (typeof node !== 'object' || node === null) return;
    if (!Array.isArray(node)) look(where, node as Record<string, unknown>);
    for (const [key, value] of Object.entries(node))
      if (!['example', 'examples', 'value'].includes(key)) visit(`${where}/${key}`, value, look);
  };
  beforeAll(() => {
    ajv.addSchema({ $id: 'document', ...document });
  });

  it('every reference leads somewhere', () => {
    const lost: string[] = [];
    visit('', document, (where, { $ref }) => {
      if (typeof $ref !== 'string') return;
      const target = $ref
        .slice(2)
        .split('/')
        .reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key], document);
      if (!target) lost.push(`${where}: ${$ref}`);
    });
    expect(lost).toEqual([]);
  });
  it('every example fits its schema', { timeout: 60_000 }, () => {
    visit('', document, (where, node) => {
      const { schema, example, examples } = node as { schema?: Schema; example?: unknown; examples?: unknown };
      if (schema && example !== undefined) check(where, schema, example);
      if (schema && examples)
        for (const [name, { value }] of Object.entries(examples as Record<string, { value: unknown }>))
          check(`${where}/${name}`, schema, value);
      if (!schema && Array.isArray(examples)) for (const value of examples) check(where, node, value);
    });
    expect(problems).toEqual([]);
  });
  it('every example of a parameter is taken by the lists that are open to everybody', async () => {
    const refused: string[] = [];
    for (const [method, path, operation] of operationsOf(document)) {
      if (method !== 'get' || path.includes('{') || !isOpen(operation)) continue;
      for (const parameter of operation.parameters ?? []) {
        if ('$ref' in parameter || parameter.in !== 'query') continue;
        const { enum: values = [], examples = values, default: preset = [] } = parameter.schema;
        for (const value of [examples, preset].flat() as (string | number | boolean)[]) {
          const url = `${path}?${new URLSearchParams({ [parameter.name]: String(value) }).toString()}`;
          const { status, text } = await test.anonymous.get(url);
          // A cursor belongs to one list and one sort.
          const isRight = parameter.name === 'after' ? text.includes('"CURSOR_INVALID"') : status === 200;
          if (!isRight) refused.push(`${url}: ${text}`);
        }
      }
    }
    expect(refused).toEqual([]);
  });
  it('a query parameter that no operation knows is refused by every one', async () => {
    const id = '0197f5a0-0000-7000-8000-00000000ad01';
    await test.database.sql(
      `insert into users (id, email, display_name, roles) values ($1, 'root@tandem.example', 'Root', '{admin}')`,
      [id],
    );
    const admin = await test.as('admin', id);
    const taken: string[] = [];
    for (const [method, path, { requestBody }] of operationsOf(document)) {
      // Its input is looked at first.
      if (requestBody) continue;
      const url = `${path.replaceAll(/\{[^}]+\}/g, nowhere)}?unknown=1`;
      const { body } = await admin.rest<Partial<ErrorBody> | undefined>(method.toUpperCase(), url);
      if (body?.error?.code !== 'FILTER_NOT_ALLOWED') taken.push(`${method} ${url}: ${JSON.stringify(body)}`);
    }
    expect(taken).toEqual([]);
  });
  it('operations that need no account say so', () => {
    const open = [...operationsOf(document)].filter(([, , operation]) => isOpen(operation));
    for (const [, path, operation] of open) {
      const unauthorized = operation.responses[401] as { $ref: string };
      expect(`${path} ${unauthorized.$ref}`).not.toContain('UNAUTHENTICATED');
    }
    const declared = handlersOf(test.app, []).rest.filter((o) => o.operationId && o.marker?.kind === 'public');
    expect(new Set(open.map(([, , { operationId }]) => operationId))).toEqual(
      new Set(declared.map((o) => o.operationId)),
    );
    expect(open.filter(([method]) => method !== 'get')).toEqual([]);
  });
});

describe.each([docsPaths.start, docsPaths.swagger, docsPaths.graphiql, docsPaths.errors])('the page %s', (path) => {
  it('is public, has its language, and runs nothing but our own files', async () => {
    const { status, headers, text } = await test.anonymous.get(path);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(text).toMatch(/<html lang="en">/);
    expect(text.match(/<h1|<main/g)).not.toBeNull();
    expect(text).not.toMatch(/<script(?![^>]* src="\/)|<style| on[a-z]+=| style=/);
    const policy = headers.get('content-security-policy')!;
    expect(policy).toMatch(/default-src 'none'/);
    expect(policy).toMatch(/script-src 'self'(;|$)/);
    expect(policy).toMatch(/connect-src 'self'(;|$)/);
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval/);
  });
  it('links only to what is there, on this origin', async () => {
    const { text } = await test.anonymous.get(path);
    const links = [...text.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, link]) => link);
    expect(links.length).toBeGreaterThan(3);
    for (const link of new Set(links)) {
      if (link.startsWith('#')) expect(text, link).toContain(`id="${link.slice(1)}"`);
      else expect([link, (await test.anonymous.get(link)).status]).toEqual([expect.stringMatching(/^\/(?!\/)/), 200]);
    }
  });
});

describe('the pages’ files', () => {
  it('can be kept for ever, and nothing else can be had', async () => {
    const { text } = await test.anonymous.get(docsPaths.swagger);
    const bundle = /src="([^"]*swagger-ui-bundle\.js)"/.exec(text)![1];
    const { headers } = await test.anonymous.get(bundle);
    expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    const folder = bundle.slice(0, bundle.lastIndexOf('/'));
    for (const name of ['package.json', 'index.html', '..%2fpackage.json', '%2e%2e%2fpackage.json', 'nothing.js'])
      expect([name, (await test.anonymous.get(`${folder}/${name}`)).status]).toEqual([name, 404]);
  });
  it('are copied by the build', () => {
    const { compilerOptions } = JSON.parse(readFileSync(file('nest-cli.json'), 'utf8')) as {
      compilerOptions: { assets?: string[] };
    };
    expect(compilerOptions.assets ?? []).toContain('../libs/http/docs/pages/*');
  });
});

it('the type of a problem document leads to the explanation of its code', async () => {
  const { body } = await test.anonymous.get('/nowhere', { accept: 'application/problem+json' });
  const { pathname, hash } = new URL(body.type as string);
  const page = await test.anonymous.get(pathname);
  expect(page.text).toContain(`id="${hash.slice(1)}"`);
  for (const { code } of allErrors()) expect(page.text).toContain(`id="${code.toLowerCase()}"`);
});
