import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { build, Launched, removeFolder } from './launched.js';

let folder: string;
beforeAll(() => {
  build();
  folder = mkdtempSync(join(tmpdir(), 'tandem-doctor-'));
}, 180_000);
afterAll(() => removeFolder(folder));

async function doctor(...args: string[]) {
  const launched = new Launched({ env: { DATA_DIR: folder }, args: ['doctor', ...args] });
  return { code: await launched.exited, text: launched.stdout, errors: launched.stderr };
}

it('npm run doctor looks at the Tandem of this folder, running or not', { timeout: 180_000 }, async () => {
  const before = await doctor();
  expect(before).toMatchObject({ code: 0, text: expect.stringContaining('The embedded PostgreSQL is not running.') });

  const tandem = new Launched({ env: { DATA_DIR: folder } });
  try {
    await tandem.whenReady();
    const { code, text } = await doctor('--json', '--instances', '2');
    const report = JSON.parse(text) as { status: string; findings: { check: string; status: string }[] };
    // How full the disk is, is not ours to say.
    const others = report.findings.filter(({ check }) => check !== 'disk');
    // Without SMTP_URL, mails of a development go to a folder.
    expect(others.filter(({ status }) => status !== 'ok')).toMatchObject([{ check: 'mail', status: 'skipped' }]);
    expect(others.map(({ check }) => check)).toEqual(
      expect.arrayContaining(['keys', 'role', 'owner', 'settings', 'migrations', 'connections']),
    );
    expect(code).toBe(report.status === 'problem' ? 1 : 0);
  } finally {
    await tandem.stop();
  }
});
it('exit code 1 means a problem, 2 a wrong option', async () => {
  const launched = new Launched({
    env: { DATABASE_URL: 'postgres://tandem_app:canary@127.0.0.1:1/tandem' },
    args: ['doctor'],
  });
  expect(await launched.exited).toBe(1);
  expect(launched.stdout).toMatch(/PROBLEM +database .*nothing listens there/);
  expect(launched.stdout + launched.stderr).not.toContain('canary');
  expect((await doctor('--instances', 'many')).code).toBe(2);
});
