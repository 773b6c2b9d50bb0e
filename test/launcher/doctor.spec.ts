import { afterAll, beforeAll, expect, it } from 'vitest';
import { build, Launched, removeFolder, temporaryFolder } from './launched.js';

// Of one that runs: start-and-stop.spec.ts.
let folder: string;
beforeAll(() => {
  build();
  folder = temporaryFolder();
}, 180_000);
afterAll(() => removeFolder(folder));

async function doctor(...args: string[]) {
  const launched = new Launched({ env: { DATA_DIR: folder }, args: ['doctor', ...args] });
  return { code: await launched.exited, text: launched.stdout, errors: launched.stderr };
}

it('npm run doctor looks at the Tandem of this folder when it does not run', async () => {
  expect(await doctor()).toMatchObject({
    code: 0,
    text: expect.stringContaining('The embedded PostgreSQL is not running.'),
  });
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
