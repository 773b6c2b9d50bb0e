import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { build, databasePids, Launched, removeFolder, temporaryFolder } from './launched.js';

let folder: string;

beforeAll(build, 180_000);
beforeEach(() => void (folder = temporaryFolder()));
afterEach(() => removeFolder(folder, join(folder, 'data')));

/** The start must end by itself, with one message of at most `lines` lines on stderr and nothing else. */
async function refusal(env: Record<string, string>, lines = 2): Promise<string> {
  const launcher = new Launched({ env: { DATA_DIR: join(folder, 'data'), ...env } });
  expect(await launcher.exited).toBe(1);
  expect(launcher.stdout).toBe('');
  expect(launcher.stderr).not.toMatch(/^\s+at |node:internal|Error:/m);
  expect(launcher.stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(lines);
  expect(existsSync(join(folder, 'data', 'postgres')), 'a database was made in vain').toBe(false);
  return launcher.stderr;
}

test('a port that is taken', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => void other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  try {
    const message = await refusal({ PORT: String(port) });
    expect(message).toContain(`Port ${port} is taken by another program.`);
    expect(message).toContain(`PORT=${port + 1} npm start`);
  } finally {
    other.close();
  }
}, 60_000);

test('a host that this machine does not have', async () => {
  expect(await refusal({ HOST: '203.0.113.7', PORT: '18080' })).toContain('Set HOST to 127.0.0.1');
}, 60_000);

test('a data folder below a file', async () => {
  writeFileSync(join(folder, 'file'), '');
  const message = await refusal({ DATA_DIR: join(folder, 'file', 'data') });
  expect(message).toContain(join(folder, 'file', 'data'));
  expect(message).toContain('DATA_DIR');
}, 60_000);

test('a data folder that is a file', async () => {
  writeFileSync(join(folder, 'file'), '');
  expect(await refusal({ DATA_DIR: join(folder, 'file') })).toContain('DATA_DIR');
}, 60_000);

test('a database of another PostgreSQL version', async () => {
  mkdirSync(join(folder, 'other/postgres'), { recursive: true });
  writeFileSync(join(folder, 'other/postgres/PG_VERSION'), '16\n');
  expect(await refusal({ DATA_DIR: join(folder, 'other') })).toContain('was made by PostgreSQL 16');
}, 60_000);

test('a database whose passwords are lost', async () => {
  mkdirSync(join(folder, 'other/postgres'), { recursive: true });
  writeFileSync(join(folder, 'other/postgres/PG_VERSION'), '18\n');
  expect(await refusal({ DATA_DIR: join(folder, 'other') })).toContain('postgres.json with the passwords');
}, 60_000);

test('a bad configuration: every name at once, no value, before a database is made', async () => {
  const bad = {
    PORT: 'canary-port',
    DATABASE_POOL_MAX: 'canary-pool',
    CORS_ORIGINS: 'canary-origin',
    DEMO_DATA: 'canary',
  };
  const message = await refusal(bad, 6);
  for (const name of Object.keys(bad)) expect(message).toContain(`  ${name} must be `);
  expect(message).not.toContain('canary');
}, 60_000);

test('production without the settings that production needs', async () => {
  const message = await refusal({ NODE_ENV: 'production', PORT: '18080', DEMO_DATA: 'true' }, 7);
  for (const name of ['DATABASE_URL', 'ENCRYPTION_KEYS', 'SMTP_URL', 'PUBLIC_URL', 'DEMO_DATA'])
    expect(message).toContain(`  ${name} `);
  expect(databasePids(join(folder, 'data'))).toEqual([]);
}, 60_000);

test('a token when nothing runs', async () => {
  const launcher = new Launched({ env: { DATA_DIR: join(folder, 'data') }, args: ['token', 'ada@tandem.example'] });
  expect(await launcher.exited).toBe(1);
  expect(launcher.stderr).toBe(
    'Tandem is not running in this folder.\nStart it with `npm start`, and ask again when it is ready.\n',
  );
}, 60_000);

test('a command that does not exist', async () => {
  const launcher = new Launched({ args: ['strat'] });
  expect(await launcher.exited).toBe(1);
  expect(launcher.stderr).toContain('There is no command "strat".');
}, 60_000);
