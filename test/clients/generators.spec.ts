import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { docsPaths } from '../../libs/http/docs/install-docs.js';
import { operationsOf, type OpenApiDocument } from '../../libs/http/docs/openapi-document.js';
import { TestApp } from '../harness/test-app.js';
import { GeneratedCode } from './generated-code.js';

const code = new GeneratedCode('generators');
let app: TestApp;
let document: OpenApiDocument;
beforeAll(async () => {
  app = await TestApp.start();
  const { text, body } = await app.anonymous.get<OpenApiDocument>(docsPaths.openApi);
  document = body;
  code.write('openapi.json', text);
});
afterAll(async () => {
  await app?.stop();
  code.remove();
});

const operationIds = () => [...operationsOf(document)].map(([, , { operationId }]) => operationId);

it('the document that they read carries code samples', () => {
  expect([...operationsOf(document)].every(([, , operation]) => operation['x-codeSamples']?.length === 4)).toBe(true);
});

describe('openapi-typescript', () => {
  it('generates types of every operation that compile, and that refuse what is not there', async () => {
    await code.types();
    const using = (ids: string[]) => `import type { operations } from './schema.d.ts';
export type Answers = [${ids.map((id) => `operations['${id}']['responses']`).join(', ')}];
`;
    code.write('use.ts', using(operationIds()));
    expect(await code.compile('schema.d.ts', 'use.ts')).toBe('');
    code.write('misuse.ts', using(['noSuchOperation']));
    expect(await code.compile('misuse.ts')).toContain("'noSuchOperation' does not exist");
  });
});

describe('@hey-api/openapi-ts', () => {
  it('generates a client with a function for every operation, and it compiles', async () => {
    await code.sdk();
    const functions = operationIds().join(', ');
    code.write(
      'client-use.ts',
      `import { ${functions} } from './client/sdk.gen';\nexport const all = [${functions}];\n`,
    );
    expect(await code.compile('client-use.ts')).toBe('');
    code.write('client-misuse.ts', `import { noSuchOperation } from './client/sdk.gen';\nnoSuchOperation();\n`);
    expect(await code.compile('client-misuse.ts')).toContain("no exported member 'noSuchOperation'");
  });
});
