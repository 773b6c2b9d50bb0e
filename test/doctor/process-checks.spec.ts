import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadConfig } from '#libs/config/config.js';
import { disk, node, publicUrl, trustProxy } from '#libs/doctor/process-checks.js';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'tandem-doctor-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const config = (env: Record<string, string>) =>
  loadConfig({
    DATABASE_URL: 'postgres://a:b@c/d',
    ENCRYPTION_KEYS: Buffer.alloc(32).toString('base64'),
    SMTP_URL: 'smtp://mail.example',
    ...env,
  });

it('an old Node is a problem', () => {
  expect([node('24.1.0'), node('26.0.0'), node('22.9.0')].map(({ status }) => status)).toEqual(['ok', 'ok', 'problem']);
});
it.each([
  ['ok', { NODE_ENV: 'production', PUBLIC_URL: 'https://api.example.com' }],
  ['warning', { NODE_ENV: 'production', PUBLIC_URL: 'http://localhost:3000' }],
  ['warning', { PUBLIC_URL: 'http://api.example.com' }],
  ['ok', {}],
])('PUBLIC_URL: %s for %o', (status, env) => {
  expect(publicUrl(config(env))).toMatchObject({ status });
});
it('production without a trusted proxy is a warning', () => {
  const production = { NODE_ENV: 'production', PUBLIC_URL: 'https://api.example.com' };
  expect(trustProxy(config(production)).status).toBe('warning');
  expect(trustProxy(config({ ...production, TRUST_PROXY: '10.0.0.0/8' })).status).toBe('ok');
  expect(trustProxy(config({})).status).toBe('ok');
});
it('a disk that fills up is a warning, then a problem', async () => {
  const at = async (bytes: number) => (await disk(folder, bytes)).status;
  expect([await at(2 ** 33), await at(2 ** 29), await at(2 ** 20)]).toEqual(['ok', 'warning', 'problem']);
  expect((await disk(folder)).message).toMatch(/^\d+\.\d GiB free/);
});
