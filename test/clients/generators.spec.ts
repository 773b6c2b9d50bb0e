import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { docsPaths } from '../../libs/http/docs/install-docs.js';
import { operationsOf, type OpenApiDocument } from '../../libs/http/docs/openapi-document.js';
import { TestApp } from '../harness/test-app.js';

const run = promisify(execFile);
const bin = (name: string) => join(import.meta.dirname, 'node_modules/.bin', name);
// Below this folder, so that what is generated finds the packages that it imports.
const folder = join(import.meta.dirname, 'node_modules/.cache/generators');
const file = join(folder, 'openapi.json');

let app: TestApp;
let document: OpenApiDocument;
beforeAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  app = await TestApp.start();
  const { text, body } = await app.anonymous.get<OpenApiDocument>(docsPaths.openApi);
  document = body;
  writeFileSync(file, text);
});
afterAll(async () => {
  await app?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What the compiler says of these files, with everything strict and nothing skipped. */
async function compile(...files: string[]): Promise<string> {
  const compilerOptions = {
    noEmit: true,
    strict: true,
    target: 'es2022',
    module: 'esnext',
    moduleResolution: 'bundler',
    lib: ['es2024', 'dom', 'dom.iterable'],
    types: [],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
  try {
    await run(bin('tsc'), ['-p', folder]);
    return '';
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}
const operationIds = () => [...operationsOf(document)].map(([, , { operationId }]) => operationId);

it('the document that they read carries code samples', () => {
  expect([...operationsOf(document)].every(([, , operation]) => operation['x-codeSamples']?.length === 4)).toBe(true);
});

describe('openapi-typescript', () => {
  it('generates types of every operation that compile, and that refuse what is not there', async () => {
    await run(bin('openapi-typescript'), [file, '-o', join(folder, 'schema.d.ts')]);
    const using = (ids: string[]) => `import type { operations } from './schema.d.ts';
export type Answers = [${ids.map((id) => `operations['${id}']['responses']`).join(', ')}];
`;
    writeFileSync(join(folder, 'use.ts'), using(operationIds()));
    expect(await compile('schema.d.ts', 'use.ts')).toBe('');
    writeFileSync(join(folder, 'misuse.ts'), using(['noSuchOperation']));
    expect(await compile('misuse.ts')).toContain("'noSuchOperation' does not exist");
  });
});

describe('@hey-api/openapi-ts', () => {
  it('generates a client with a function for every operation, and it compiles', async () => {
    await run(bin('openapi-ts'), ['-i', file, '-o', join(folder, 'client'), '-c', '@hey-api/client-fetch'], {
      cwd: folder,
    });
    const functions = operationIds().join(', ');
    writeFileSync(
      join(folder, 'client-use.ts'),
      `import { ${functions} } from './client/sdk.gen';\nexport const all = [${functions}];\n`,
    );
    expect(await compile('client-use.ts')).toBe('');
    writeFileSync(
      join(folder, 'client-misuse.ts'),
      `import { noSuchOperation } from './client/sdk.gen';\nnoSuchOperation();\n`,
    );
    expect(await compile('client-misuse.ts')).toContain("no exported member 'noSuchOperation'");
  });
});
