import { spawn } from 'node:child_process';
import { chmodSync, chownSync, cpSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createLocalJWKSet, jwtVerify, type JWK } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  build,
  databasePids,
  isAlive,
  kill,
  Launched,
  note,
  postmasterPid,
  projectRoot,
  query,
  removeFolder,
  status,
  temporaryFolder,
  until,
} from './launched.js';

// One data folder lives through the whole file; each test leaves one row in it and finds those of all before it.
let data: string;
let rows = 0;
const launched: Launched[] = [];

beforeAll(() => {
  build();
  data = join(temporaryFolder(), 'data');
}, 180_000);

afterAll(async () => {
  for (const { child } of launched) child.kill('SIGKILL');
  await removeFolder(join(data, '..'), data);
});

function launch(): Launched {
  const process = new Launched({ env: { DATA_DIR: data } });
  launched.push(process);
  return process;
}

/** Starts Tandem and proves that it serves, and that nothing of the runs before is lost. */
async function start(): Promise<{ launcher: Launched; url: string; servicePid: number }> {
  const launcher = launch();
  const url = await launcher.whenReady();
  console.info(`ready after ${((Date.now() - launcher.startedAt) / 1_000).toFixed(2)} s`);
  expect(await status(`${url}/health/ready`)).toBe(200);
  await query(data, 'create table if not exists launcher_spec (run int primary key)');
  await query(data, `insert into launcher_spec values (${++rows})`);
  expect(await rowCount()).toBe(rows);
  return { launcher, url, servicePid: note(data)?.servicePid ?? 0 };
}

async function rowCount(): Promise<number> {
  return (await query(data, 'select run from launcher_spec')).length;
}

async function expectNothingLeft(servicePid: number): Promise<void> {
  await until('the service is gone', () => !isAlive(servicePid));
  await until('the database is gone', () => databasePids(data).length === 0);
}

test('the first start makes everything, says where to go, and SIGTERM ends everything', async () => {
  const { launcher, url, servicePid } = await start();
  for (const address of ['/', '/docs', '/graphiql', '/openapi/v1.json'])
    expect(launcher.stdout).toContain(url + address);
  for (const name of ['admin', 'manager', 'support', 'ada', 'grace']) expect(launcher.stdout).toContain(name);
  expect(launcher.stdout).toContain('npm run -s token -- ada@tandem.example');
  for (const file of ['postgres.json', 'running.json', 'keys/encryption-key.json']) {
    expect(statSync(join(data, file)).mode & 0o777, file).toBe(0o600);
  }
  expect(statSync(join(data, 'postgres')).mode & 0o777).toBe(0o700);

  expect(await launcher.stop('SIGTERM')).toBe(0);
  expect(launcher.stderr).toBe('');
  await expectNothingLeft(servicePid);
}, 180_000);

test('the next start builds nothing and has the data; Ctrl-C ends it as well', async () => {
  const marker = join(projectRoot, 'dist/.fingerprint');
  const builtAt = statSync(marker).mtimeMs;
  const { launcher, servicePid } = await start();
  expect(launcher.stdout + launcher.stderr).not.toMatch(/build/i);
  expect(statSync(marker).mtimeMs).toBe(builtAt);
  expect(await launcher.stop('SIGINT')).toBe(0);
  await expectNothingLeft(servicePid);
}, 180_000);

test('a second start in the same folder is refused in one message and leaves the first alone', async () => {
  const { launcher, url } = await start();
  const second = launch();
  expect(await second.exited).toBe(1);
  expect(second.stderr).toContain(`Tandem is already running in this folder, at ${url}`);
  expect(second.stderr).not.toMatch(/^\s+at /m);
  expect(await status(`${url}/health/ready`)).toBe(200);
  await launcher.stop();
}, 180_000);

test('a token of a demo user is signed by the key that the service trusts', async () => {
  const { launcher, url } = await start();
  const token = new Launched({ env: { DATA_DIR: data }, args: ['token', 'Ada@tandem.example'] });
  expect(await token.exited, token.stderr).toBe(0);
  const published = await query(data, 'select public_jwk from signing_keys');
  const keys = createLocalJWKSet({ keys: published.map((row) => row.public_jwk as JWK) });
  const { payload, protectedHeader } = await jwtVerify(token.stdout.trim(), keys, { issuer: url, audience: 'tandem' });
  expect(protectedHeader).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: expect.any(String) });
  expect(Object.keys(payload).toSorted()).toEqual(['aud', 'client_id', 'exp', 'iat', 'iss', 'jti', 'scope', 'sub']);
  expect(payload).toMatchObject({ client_id: 'tandem-cli', exp: (payload.iat ?? 0) + 3_600 });
  expect(await query(data, `select email from users where id = '${payload.sub}'`)).toEqual([
    { email: 'ada@tandem.example' },
  ]);

  const unknown = new Launched({ env: { DATA_DIR: data }, args: ['token', 'nobody@tandem.example'] });
  expect(await unknown.exited).toBe(1);
  expect(unknown.stderr).toContain('No user has this e-mail address.');
  expect(await launcher.stop()).toBe(0);
}, 180_000);

test('keys:rotate, migrate and admin find the service that runs', async () => {
  const { launcher } = await start();
  const run = async (...args: string[]) => {
    const launched = new Launched({ env: { DATA_DIR: data }, args });
    return { code: await launched.exited, said: launched.stdout, errors: launched.stderr };
  };
  const keys = () => query(data, 'select kid from signing_keys');
  const before = await keys();
  expect(await run('keys:rotate')).toMatchObject({ code: 0, said: expect.stringMatching(/^Key \S+ signs from /) });
  expect(await keys()).toHaveLength(before.length + 1);
  expect(await run('migrate')).toEqual({ code: 0, said: 'Nothing to migrate.\n', errors: '' });

  const told = () =>
    query(
      data,
      `select actor, after->'roles' as roles from audit_entries a join users u on u.id = a.person_id
       where action = 'user.set-roles' and email = 'grace@tandem.example'`,
    );
  expect(await run('admin', 'Grace@tandem.example')).toMatchObject({ code: 0, said: expect.stringMatching(/admin\b/) });
  const [{ roles }] = await query(data, `select roles from users where email = 'grace@tandem.example'`);
  expect(roles).toContain('admin');
  expect(await told()).toEqual([{ actor: 'system', roles }]);
  expect(await run('admin', 'grace@tandem.example')).toMatchObject({
    code: 0,
    said: expect.stringContaining('already'),
  });
  expect(await told()).toHaveLength(1);
  expect(await run('admin', 'nobody@tandem.example')).toMatchObject({
    code: 1,
    errors: 'No account has this e-mail address. Its owner has to register first.\n',
  });
  expect((await run('admin')).code).toBe(2);
  expect(await launcher.stop()).toBe(0);

  for (const command of ['keys:rotate', 'migrate', 'admin'])
    expect(await run(command)).toMatchObject({ code: 1, errors: expect.stringContaining('Tandem is not running') });
}, 240_000);

test('a start that follows a stop at once waits for it to end', async () => {
  const { launcher } = await start();
  launcher.child.kill('SIGTERM');
  const next = await start();
  expect(launcher.exitCode).toBe(0);
  expect(await next.launcher.stop()).toBe(0);
}, 180_000);

test('a request that runs at SIGTERM is finished', async () => {
  const { launcher, url } = await start();
  const body = JSON.stringify({ query: '{ __typename }' });
  const running = request(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), expect: '100-continue' },
  });
  const answered = new Promise<{ status?: number; text: string }>((resolve, reject) => {
    running.on('error', reject);
    running.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode, text }));
    });
  });
  // The service asks for the body, so the request runs; and it stays so until the rest of the body comes.
  await new Promise<void>((resolve) => void running.once('continue', resolve));
  running.write(body.slice(0, 10));
  launcher.child.kill('SIGTERM');
  await until('the service takes no more requests', async () => (await status(`${url}/health/ready`)) !== 200);
  running.end(body.slice(10));
  expect(await answered).toEqual({ status: 200, text: expect.stringContaining('__typename') });
  expect(await launcher.exited).toBe(0);
}, 180_000);

test('a killed service ends the launcher and the database, and the next start has the data', async () => {
  const { launcher, servicePid } = await start();
  kill(servicePid);
  expect(await launcher.exited).toBe(137);
  expect(launcher.stderr).toContain('The service has ended with exit code 137.');
  await expectNothingLeft(servicePid);
}, 180_000);

test('a killed database is started again while the service runs on', async () => {
  const { launcher, url, servicePid } = await start();
  const killed = postmasterPid(data);
  kill(killed);
  await until(
    'another server runs',
    () => databasePids(data).includes(postmasterPid(data)) && postmasterPid(data) !== killed,
  );
  await until('it answers', () =>
    rowCount().then(
      (count) => count === rows,
      () => false,
    ),
  );
  await until('the service is ready', async () => (await status(`${url}/health/ready`)) === 200);
  expect(isAlive(servicePid)).toBe(true);
  expect(await launcher.stop()).toBe(0);
}, 180_000);

test('a killed launcher takes the service with it, and the next start deals with the database left behind', async () => {
  const { launcher, servicePid } = await start();
  const postmaster = postmasterPid(data);
  await launcher.stop('SIGKILL');
  await until('the service is gone', () => !isAlive(servicePid));
  expect(isAlive(postmaster)).toBe(true);
  const next = await start();
  expect(await next.launcher.stop()).toBe(0);
  await expectNothingLeft(next.servicePid);
}, 180_000);

test('a launcher, a service and a database killed at once come back by one start', async () => {
  const { launcher, servicePid } = await start();
  for (const pid of [launcher.child.pid ?? 0, servicePid, ...databasePids(data)]) kill(pid);
  await launcher.exited;
  const next = await start();
  expect(await next.launcher.stop()).toBe(0);
}, 180_000);

test('a service that hangs after its launcher was killed is ended by the next start', async () => {
  const { launcher, servicePid } = await start();
  process.kill(servicePid, 'SIGSTOP');
  launcher.child.kill('SIGKILL');
  const next = await start();
  expect(isAlive(servicePid)).toBe(false);
  expect(await next.launcher.stop()).toBe(0);
}, 180_000);

test('a lock file whose process id belongs to another program of the same user does not stop a start', async () => {
  const { launcher } = await start();
  const lockFile = join(data, 'postgres/postmaster.pid');
  const lines = readFileSync(lockFile, 'utf8').split('\n');
  await launcher.stop();
  const { uid, gid } = statSync(join(data, 'postgres'));
  const bystander = spawn('sleep', ['600'], { uid, gid, cwd: '/' });
  try {
    writeFileSync(lockFile, [bystander.pid, ...lines.slice(1)].join('\n'), { mode: 0o600 });
    chownSync(lockFile, uid, gid);
    const next = await start();
    expect(await next.launcher.stop()).toBe(0);
  } finally {
    bystander.kill('SIGKILL');
  }
}, 180_000);

test('a database folder that came back from a copy is made PostgreSQL’s own again', async () => {
  const folder = join(data, 'postgres');
  renameSync(folder, `${folder}.before`);
  cpSync(`${folder}.before`, folder, { recursive: true });
  chmodSync(folder, 0o755);
  rmSync(`${folder}.before`, { recursive: true });
  const { launcher } = await start();
  expect(await launcher.stop()).toBe(0);
}, 180_000);

test('a database port that another program has taken is replaced', async () => {
  const { port } = JSON.parse(readFileSync(join(data, 'postgres.json'), 'utf8'));
  const other = createServer().listen(port, '127.0.0.1');
  try {
    const { launcher } = await start();
    expect(JSON.parse(readFileSync(join(data, 'postgres.json'), 'utf8')).port).not.toBe(port);
    expect(await launcher.stop()).toBe(0);
  } finally {
    other.close();
  }
}, 180_000);
