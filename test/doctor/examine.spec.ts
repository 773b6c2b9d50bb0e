import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '#libs/testing/database.js';
import { TransactionPooler } from '#libs/testing/transaction-pooler.js';
import { migrations } from '#src/migrations.js';
import { examine, type Patient } from '#libs/doctor/examine.js';
import type { Finding } from '#libs/doctor/finding.js';
import { asJson, asText, verdictOf, withoutSecrets } from '#libs/doctor/report.js';

let database: TestDatabase;
/** Takes connections and never says a word. */
let silent: Server;
const sockets = new Set<Socket>();
beforeAll(async () => {
  database = await TestDatabase.clone(inject('testDatabase'));
  silent = createServer((socket) => void sockets.add(socket));
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  silent?.close();
  await database?.drop();
});
const look = (env: Record<string, string>, more: Partial<Patient> = {}) =>
  examine({
    env: { ENCRYPTION_KEYS: 'AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=', ...env },
    migrations,
    instances: 1,
    opensSigningKey: () => true,
    ...more,
  });
const of = (findings: readonly Finding[], check: string) =>
  findings.filter((finding) => finding.check === check).map(({ status }) => status);

describe('a whole examination', () => {
  it('looks at everything, and finds what is wrong with the database of the tests', async () => {
    const findings = await look({ DATABASE_URL: database.servingUrl, DATABASE_OWNER_URL: database.ownerUrl });
    expect([...new Set(findings.map(({ check }) => check))]).toEqual([
      'node',
      'configuration',
      'public-url',
      'proxy',
      'database',
      'owner',
      'version',
      'role',
      'settings',
      'pooler',
      'migrations',
      'keys',
      'clock',
      'transactions',
      'connections',
    ]);
    // Nothing is synced there.
    expect(findings.filter(({ status }) => status === 'problem').map(({ check }) => check)).toEqual([
      'settings',
      'settings',
      'settings',
    ]);
    expect(verdictOf(findings)).toBe('problem');
    for (const { status, cure } of findings) expect(cure !== undefined).toBe(['warning', 'problem'].includes(status));
  });
  it('sees a pooler and goes on behind it', async () => {
    const pooler = await TransactionPooler.start(database.servingUrl, 8);
    const findings = await look({ DATABASE_URL: pooler.url });
    await pooler.stop();
    expect(of(findings, 'pooler')).toEqual(['problem', 'warning']);
    expect(of(findings, 'connections')).toEqual(['skipped']);
    expect(of(findings, 'migrations')).toEqual(['ok']);
  });
});

describe('what cannot be reached', () => {
  const at = (url: string, change: Partial<URL>) => Object.assign(new URL(url), change).href;

  it.each<[string, () => string, RegExp]>([
    ['nobody', () => 'postgres://tandem_app:canary-secret@127.0.0.1:1/tandem', /nothing listens/],
    ['another password', () => at(database.servingUrl, { password: 'canary-secret' }), /refused/],
    ['another database', () => at(database.servingUrl, { pathname: '/canary' }), /no such database/],
    [
      'silence',
      () => `postgres://a:canary-secret@127.0.0.1:${(silent.address() as AddressInfo).port}/b`,
      /no answer in time/,
    ],
  ])('%s: is said, with a cure, and without a secret', async (_name, url, said) => {
    const findings = await look({ DATABASE_URL: url() }, { patience: { connect: 200, statement: 200 } });
    const found = findings.find(({ check }) => check === 'database');
    expect(found).toMatchObject({ status: 'problem', message: expect.stringMatching(said), cure: expect.any(String) });
    expect(asText(findings) + asJson(findings)).not.toContain('canary-secret');
  });
  it('keeps nothing else from being looked at', async () => {
    const findings = await look({
      NODE_ENV: 'production',
      SMTP_URL: 'smtp://mail.example',
      PUBLIC_URL: 'nowhere',
      DATABASE_URL: 'postgres://tandem_app:canary-secret@127.0.0.1:1/tandem',
      DATABASE_OWNER_URL: database.ownerUrl,
    });
    expect([of(findings, 'configuration'), of(findings, 'database')]).toEqual([['problem'], ['problem', 'skipped']]);
    expect(of(findings, 'owner')).toEqual(['ok', 'ok']);
  });
});

it('an embedded database that does not run leaves what can be looked at without it', async () => {
  const findings = await examine({
    env: {},
    migrations,
    instances: 1,
    opensSigningKey: () => true,
    embedded: { folder: tmpdir(), running: false },
  });
  expect(findings.map(({ check, status }) => `${check} ${status}`)).toEqual([
    'node ok',
    'configuration ok',
    'public-url ok',
    'proxy ok',
    expect.stringMatching(/^disk /),
    'database skipped',
  ]);
});

it('a report holds no password, however it got there', () => {
  const url = 'postgres://a:p%40ss-word@c/d';
  expect(withoutSecrets('p@ss-word and p%40ss-word', [url, undefined, 'nonsense'])).toBe('*** and ***');
});
