import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { docsPaths } from '../../libs/http/docs/install-docs.js';
import { operationsOf, type OpenApiDocument } from '../../libs/http/docs/openapi-document.js';
import { TestApp } from '../harness/test-app.js';

const bin = (name: string) => join(import.meta.dirname, 'node_modules/.bin', name);

let app: TestApp;
let document: OpenApiDocument;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'openapi-lint-'));
  app = await TestApp.start();
  document = (await app.anonymous.get<OpenApiDocument>(docsPaths.openApi)).body;
});
afterAll(async () => {
  await app?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What a linter printed; a linter that itself failed has printed no JSON. */
const run = (command: string, args: string[]): Promise<string> =>
  new Promise((resolve) => {
    const options = { cwd: import.meta.dirname, maxBuffer: 100_000_000 };
    execFile(bin(command), args, options, (_error, stdout, stderr) => resolve(stdout || stderr));
  });
function written(name: string, linted: OpenApiDocument): string {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(linted));
  return file;
}
const severities = ['error', 'warning', 'information', 'hint'] as const;
/** Findings of Spectral under `.spectral.yaml`: `error owasp:…: GET /v1/…: message`. */
async function spectral(linted: OpenApiDocument): Promise<string[]> {
  const output = join(folder, 'spectral.json');
  const format = ['--format', 'json', '--output', output, '--quiet'];
  await run('spectral', ['lint', written('spectral-input.json', linted), ...format]);
  const found = JSON.parse(readFileSync(output, 'utf8')) as {
    code: string;
    severity: number;
    path: string[];
    message: string;
  }[];
  rmSync(output);
  return found.map((f) => `${severities[f.severity]} ${f.code}: ${f.path.join(' ')}: ${f.message}`);
}
/** Problems that Redocly names under `redocly.yaml`. */
async function redocly(linted: OpenApiDocument): Promise<string[]> {
  const output = await run('redocly', ['lint', written('redocly-input.json', linted), '--format=json']);
  const { problems } = JSON.parse(output) as { problems: { ruleId: string; severity: string; message: string }[] };
  return problems.map(({ severity, ruleId, message }) => `${severity} ${ruleId}: ${message}`);
}
/** A document that each of them has to find something in. */
function broken(): OpenApiDocument {
  const copy = structuredClone(document);
  const [first, second] = [...operationsOf(copy)].map(([, , operation]) => operation);
  second.operationId = first.operationId;
  delete first.security;
  copy.servers = [{ url: 'http://api.example.com' }];
  return copy;
}

describe('Spectral', () => {
  it('finds nothing by its rules for OpenAPI, nor by those of OWASP', async () => {
    // A service asks for the next token as for the first; no refresh token shall come with it (RFC 6749 §4.4.3).
    const noRefresh =
      /^error owasp:api2:2023-short-lived-access-tokens: components securitySchemes oauth2 flows clientCredentials:/;
    expect((await spectral(document)).filter((finding) => !noRefresh.test(finding))).toEqual([]);
  });
  it('would: both sets of rules are applied', async () => {
    expect(await spectral(broken())).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^error operation-operationId-unique: /),
        expect.stringMatching(/^error owasp:api8:2023-no-server-http: /),
      ]),
    );
  });
});

describe('Redocly', () => {
  it('finds nothing, not even to warn of', async () => {
    expect(await redocly(document)).toEqual([]);
  });
  it('would', async () => {
    expect(await redocly(broken())).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^error operation-operationId-unique: /),
        expect.stringMatching(/^error security-defined: /),
      ]),
    );
  });
});
