import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestApp } from '#test/harness/test-app.js';

let app: TestApp;
const folder = mkdtempSync(join(tmpdir(), 'tandem-mails-page-'));
const mail = (subject: string) =>
  JSON.stringify({
    at: '2026-01-02T03:04:05.678Z',
    to: 'ada@example.com',
    subject,
    text: 'Open it\nhttps://tandem.example/x',
    html: '<!doctype html><html><head><title>t</title></head><body><script>1</script><a href="https://tandem.example/x">x</a></body></html>',
  });
beforeAll(async () => {
  mkdirSync(join(folder, 'mails'));
  writeFileSync(join(folder, 'mails', '2026-01-01T00-00-00-000Z-aaaaaaaa.json'), mail('January 1'));
  writeFileSync(join(folder, 'mails', '2026-01-02T00-00-00-000Z-bbbbbbbb.json'), mail('<b>January 2</b>'));
  writeFileSync(join(folder, 'secret.json'), mail('not a mail'));
  app = await TestApp.start({ env: { NODE_ENV: 'development', DATA_DIR: folder } });
});
afterAll(async () => {
  await app.stop();
  rmSync(folder, { recursive: true });
});
const get = (path: string) => fetch(app.url + path);

it('are listed newest first, and linked from the start page', async () => {
  const page = await (await get('/mails')).text();
  expect(page.indexOf('&lt;b&gt;January 2&lt;/b&gt;')).toBeGreaterThan(0);
  expect(page.indexOf('January 1')).toBeGreaterThan(page.indexOf('January 2'));
  expect(await (await get('/')).text()).toContain('href="/mails"');
});
it('are shown where nothing of them can run', async () => {
  const response = await get('/mails/2026-01-02T00-00-00-000Z-bbbbbbbb');
  const policy = response.headers.get('content-security-policy')!;
  expect(policy).toContain("default-src 'none'");
  expect(policy).toMatch(/sandbox allow-popups allow-popups-to-escape-sandbox$/);
  expect(policy).not.toContain('script');
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(await response.text()).toContain('<base target="_blank">');
  const text = await get('/mails/2026-01-02T00-00-00-000Z-bbbbbbbb/text');
  expect(text.headers.get('content-type')).toBe('text/plain; charset=utf-8');
});
it.each(['/mails/..%2fsecret', '/mails/secret', '/mails/none/text', '/mails/%00'])('%s is not there', async (path) => {
  expect([400, 404]).toContain((await get(path)).status);
});
it('are not shown under a name that is not ours', async () => {
  const status = await new Promise((resolve, reject) =>
    request(`${app.url}/mails`, { headers: { host: 'rebinding.example' } }, (response) =>
      resolve(response.resume().statusCode),
    )
      .on('error', reject)
      .end(),
  );
  expect(status).toBe(404);
});
it('are not shown where they are really sent, or outside development', async () => {
  const elsewhere: Record<string, string>[] = [
    { NODE_ENV: 'development', SMTP_URL: 'smtp://localhost:1' },
    { NODE_ENV: 'test' },
  ];
  for (const env of elsewhere) {
    const other = await TestApp.start({
      database: app.database,
      issuer: app.issuer,
      env: { ...env, DATA_DIR: folder },
    });
    expect((await fetch(`${other.url}/mails`)).status).toBe(404);
    expect(await (await fetch(other.url)).text()).not.toContain('/mails');
    await other.stop();
  }
});
