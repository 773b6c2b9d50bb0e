import { statSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { createLocalJWKSet, jwtVerify, type JWK } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DataFolder } from './data-folder.js';
import { portOf, restoreFromCopy, reuseLockedId, takePort } from './disturbances.js';
import { build, databasePids, isAlive, kill, postmasterPid, query, status, until, usersOf } from './launched.js';

// A start is slow, so each test continues with the Tandem that the previous one left running. Rare cases are in
// test/long/starts.spec.ts.
let folder: DataFolder;
let data: string;

beforeAll(() => {
  build();
  folder = new DataFolder();
  data = folder.path;
}, 180_000);

afterAll(() => folder?.remove());

async function run(...args: string[]) {
  const launched = folder.launch(...args);
  return { code: await launched.exited, said: launched.stdout, errors: launched.stderr };
}

test('the first start makes everything and says where to go', async () => {
  const { launcher, url } = await folder.serving();
  for (const address of ['/', '/docs', '/graphiql', '/openapi/v1.json'])
    expect(launcher.stdout).toContain(url + address);
  for (const name of ['admin', 'manager', 'support', 'ada', 'grace']) expect(launcher.stdout).toContain(name);
  expect(launcher.stdout).toContain('npm run -s token -- ada@tandem.example');
  expect(launcher.stderr).toBe('');
  expect(await status(`${url}/health/ready`)).toBe(200);
  for (const file of ['postgres.json', 'running.json', 'keys/encryption-key.json']) {
    expect(statSync(join(data, file)).mode & 0o777, file).toBe(0o600);
  }
  expect(statSync(join(data, 'postgres')).mode & 0o777).toBe(0o700);
  const self = process.getuid?.();
  expect(usersOf(databasePids(data)).has(self ?? -1)).toBe(self !== 0);
}, 180_000);

test('a second start in the same folder is refused in one message and leaves the first alone', async () => {
  const { url } = await folder.serving();
  const second = folder.launch();
  expect(await second.exited).toBe(1);
  expect(second.stderr).toContain(`Tandem is already running in this folder, at ${url}`);
  expect(second.stderr).not.toMatch(/^\s+at /m);
  expect(await status(`${url}/health/ready`)).toBe(200);
}, 180_000);

test('a token of a demo user is signed by the key that the service trusts', async () => {
  const { url } = await folder.serving();
  const { code, said, errors } = await run('token', 'Ada@tandem.example');
  expect(code, errors).toBe(0);
  const published = await query(data, 'select public_jwk from signing_keys');
  const keys = createLocalJWKSet({ keys: published.map((row) => row.public_jwk as JWK) });
  const { payload, protectedHeader } = await jwtVerify(said.trim(), keys, { issuer: url, audience: 'tandem' });
  expect(protectedHeader).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: expect.any(String) });
  expect(Object.keys(payload).toSorted()).toEqual(['aud', 'client_id', 'exp', 'iat', 'iss', 'jti', 'scope', 'sub']);
  expect(payload).toMatchObject({ client_id: 'tandem-cli', exp: (payload.iat ?? 0) + 3_600 });
  expect(await query(data, `select email from users where id = '${payload.sub}'`)).toEqual([
    { email: 'ada@tandem.example' },
  ]);
  expect(await run('token', 'nobody@tandem.example')).toMatchObject({
    code: 1,
    errors: expect.stringContaining('No user has this e-mail address.'),
  });
}, 180_000);

test('keys:rotate, migrate and admin find the service that runs', async () => {
  await folder.serving();
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
}, 180_000);

test('doctor looks at the one that runs', async () => {
  await folder.serving();
  const { code, said } = await run('doctor', '--json', '--instances', '2');
  const report = JSON.parse(said) as { status: string; findings: { check: string; status: string }[] };
  // How full the disk is, is not ours to say.
  const others = report.findings.filter(({ check }) => check !== 'disk');
  // Without SMTP_URL, mails of a development go to a folder.
  expect(others.filter(({ status }) => status !== 'ok')).toMatchObject([{ check: 'mail', status: 'skipped' }]);
  expect(others.map(({ check }) => check)).toEqual(
    expect.arrayContaining(['keys', 'role', 'owner', 'settings', 'migrations', 'connections']),
  );
  expect(code).toBe(report.status === 'problem' ? 1 : 0);
}, 180_000);

test('a killed database is started again while the service runs on', async () => {
  const { url, servicePid } = await folder.serving();
  const killed = postmasterPid(data);
  kill(killed);
  await until(
    'another server runs',
    () => databasePids(data).includes(postmasterPid(data)) && postmasterPid(data) !== killed,
  );
  await until('it answers', () => folder.hasEveryRow().catch(() => false));
  await until('the service is ready', async () => (await status(`${url}/health/ready`)) === 200);
  expect(isAlive(servicePid)).toBe(true);
}, 180_000);

test('a request that runs at SIGTERM is finished, and a start that follows at once waits for the end', async () => {
  const { launcher, url, servicePid } = await folder.serving();
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
  const next = folder.launch();
  running.end(body.slice(10));
  expect(await answered).toEqual({ status: 200, text: expect.stringContaining('__typename') });
  expect(await launcher.exited).toBe(0);
  expect(isAlive(servicePid)).toBe(false);
  const { url: nextUrl } = await folder.start(next);
  expect(await status(`${nextUrl}/health/ready`)).toBe(200);
}, 180_000);

test('a killed service ends the launcher and the database', async () => {
  const { launcher, servicePid } = await folder.serving();
  // The start of the test before: nothing had changed.
  expect(launcher.stdout + launcher.stderr).not.toMatch(/build/i);
  kill(servicePid);
  expect(await launcher.exited).toBe(137);
  expect(launcher.stderr).toContain('The service has ended with exit code 137.');
  await folder.expectNothingLeft(servicePid);
}, 180_000);

test('a copied database, a port and a process id that others have taken do not stop a start', async () => {
  const { lock } = await folder.stopped();
  const port = portOf(data);
  const ends = [await takePort(data), reuseLockedId(data, lock)];
  restoreFromCopy(data);
  try {
    const { url } = await folder.start();
    expect(portOf(data)).not.toBe(port);
    expect(await status(`${url}/health/ready`)).toBe(200);
  } finally {
    for (const end of ends) end();
  }
}, 180_000);

test('a killed launcher takes the service with it, and the next start deals with the database left behind', async () => {
  const { launcher, servicePid } = await folder.serving();
  const postmaster = postmasterPid(data);
  await launcher.stop('SIGKILL');
  await until('the service is gone', () => !isAlive(servicePid));
  expect(isAlive(postmaster)).toBe(true);
  const { url } = await folder.start();
  expect(await status(`${url}/health/ready`)).toBe(200);
}, 180_000);

test('Ctrl-C ends everything, and commands for the one that runs say that none does', async () => {
  const { launcher, servicePid } = await folder.serving();
  expect(await launcher.stop('SIGINT')).toBe(0);
  expect(launcher.stderr).toBe('');
  await folder.expectNothingLeft(servicePid);
  for (const answer of await Promise.all(['keys:rotate', 'migrate', 'admin'].map((command) => run(command))))
    expect(answer).toMatchObject({ code: 1, errors: expect.stringContaining('Tandem is not running') });
}, 180_000);
