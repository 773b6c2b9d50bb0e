import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Attempts } from '#libs/limits/attempts.js';
import { attemptsOf, farNetwork, ownerUnderAttack, raced, triesLeft } from './attempt-checks.js';
import { openInstances, type Instances } from './instances.js';

let instances: Instances;
let all: Attempts[];
let attempts: Attempts;
beforeAll(async () => {
  instances = await openInstances(2);
  all = attemptsOf(instances);
  [attempts] = all;
});
afterAll(() => instances.close());
beforeEach(() => instances.database.sql('truncate attempts, attempt_totals'));

const account = 'ada@example.com';
const network = '192.0.2.1';
/** Lets time go by. */
async function later(interval: string) {
  const { database } = instances;
  await database.sql(
    `update attempts set ends_at = ends_at - $1::interval, tries = array(select t - $1::interval from unnest(tries) t)`,
    [interval],
  );
  // In two steps, or a row would stand where another still is.
  await database.sql(`update attempt_totals set starts_at = starts_at - $1::interval - interval '1000 years'`, [
    interval,
  ]);
  await database.sql(`update attempt_totals set starts_at = starts_at + interval '1000 years'`);
}

describe('an account', () => {
  it('has ten tries in 15 minutes, also when twenty are made at once over two instances', async () => {
    expect(await raced(all, 'signIn', 20, { account, network })).toBe(10);
    expect(await raced(all, 'signIn', 20, { account, network: '198.51.100.1' })).toBe(0);
    expect(await raced(all, 'signIn', 20, { account: 'grace@example.com', network })).toBe(10);
  });
  it('has ten tries in any 15 minutes: each comes back by itself', async () => {
    await raced(all, 'signIn', 4, { account, network });
    await later('10 minutes');
    expect(await raced(all, 'signIn', 20, { account, network })).toBe(6);
    const { refusal } = await attempts.spend('signIn', { account, network });
    expect(refusal).toMatchObject({ code: 'TOO_MANY_REQUESTS' });
    expect(refusal!.retryAfterSeconds).toBeGreaterThan(4 * 60);
    expect(refusal!.retryAfterSeconds).toBeLessThanOrEqual(5 * 60);
    await later('5 minutes');
    expect(await raced(all, 'signIn', 20, { account, network })).toBe(4);
  });
  it('has a hundred tries a day', async () => {
    let tries = 0;
    for (let i = 0; i < 12; i++, await later('16 minutes'))
      tries += await triesLeft(attempts, 'signIn', (j) => ({ account, network: farNetwork(10 * i + j) }));
    expect(tries).toBe(100);
  });
  it('is one, however its address is typed', async () => {
    const typed = [
      'ada@bücher.example',
      'Ada@Bücher.Example',
      ' ada@bücher.example ',
      'ADA @ BÜCHER.EXAMPLE',
      'ada@xn--bcher-kva.example',
      'ａｄａ＠ｂüｃｈｅｒ.ｅｘａｍｐｌｅ',
      'a\u200Bda@bu\u0308cher.example.',
    ];
    expect(await triesLeft(attempts, 'signIn', (i) => ({ account: typed[i % typed.length], network }))).toBe(10);
    for (const other of ['ada+shop@bücher.example', 'a.da@bücher.example'])
      expect((await attempts.spend('signIn', { account: other, network })).refusal).toBeUndefined();
  });
  it('is given back the try that succeeded, and no other', async () => {
    await raced(all, 'signIn', 9, { account, network });
    await attempts.succeed(await attempts.spend('signIn', { account, network }));
    expect(await raced(all, 'signIn', 20, { account, network })).toBe(1);
    // A mail was sent all the same.
    await attempts.succeed(await attempts.spend('passwordReset', { account, network }));
    expect(await raced(all, 'passwordReset', 20, { account, network })).toBe(4);
  });
  it('is given back a try once, and its success counts once, however often it is told', async () => {
    const done = await attempts.spend('signIn', { account, network });
    await raced(all, 'signIn', 3, { account, network });
    for (let i = 0; i < 3; i++) await Promise.all(all.map((one) => one.succeed(done)));
    expect(await instances.database.sql('select tries, successes from attempt_totals')).toEqual([
      { tries: 4, successes: 1 },
    ]);
    expect(await raced(all, 'signIn', 20, { account, network })).toBe(7);
  });
  it('loses nothing by tries that its network was refused', async () => {
    await triesLeft(attempts, 'signIn', (i) => ({ account: `nobody${i}@example.com`, network }));
    const before = await instances.database.sql('select * from attempts order by key');
    for (let i = 0; i < 20; i++) await attempts.spend('signIn', { account: `${account}${i}`, network });
    expect(await instances.database.sql('select * from attempts order by key')).toEqual(before);
  });
});

describe('a device that the account was used on', () => {
  it('has tries of its own when somebody else has used up those of the account', async () => {
    expect(await ownerUnderAttack(attempts, account)).toEqual({ known: 5, unknown: 0 });
  });
  it('is known for that account, by a mark of ours, for half a year', async () => {
    const device = attempts.markDevice(undefined, account);
    await triesLeft(attempts, 'signIn', () => ({ account, network }));
    await triesLeft(attempts, 'signIn', () => ({ account: 'eve@example.com', network }));
    const tries = (value: string, whose = account) =>
      triesLeft(attempts, 'signIn', () => ({ account: whose, network, device: value }));
    expect(await tries(device, 'eve@example.com')).toBe(0);
    expect(await tries(device.slice(0, -5) + (device.endsWith('AAAA') ? 'BBBBB' : 'AAAAA'))).toBe(0);
    expect(await tries(device.replace(/^..../, 'AAAA'))).toBe(0);
    expect(await tries('')).toBe(0);
    expect(await tries(device, ' ADA@example.com')).toBe(5);
  });
  it('is known for the last five accounts', () => {
    let device: string | undefined;
    for (let i = 0; i < 7; i++) device = attempts.markDevice(device, `${i}@example.com`);
    expect(device!.split(':')).toHaveLength(5);
    expect(device!.length).toBeLessThan(250);
  });
  it('cannot be made many by somebody who once had the account', async () => {
    const devices = Array.from({ length: 20 }, () => attempts.markDevice(undefined, account));
    let tries = 0;
    for (const device of devices) tries += await triesLeft(attempts, 'signIn', () => ({ account, network, device }));
    expect(tries).toBe(30);
  });
});

describe('guesses at many accounts', () => {
  const sprayed = (from: (i: number) => string) =>
    triesLeft(attempts, 'signIn', (i) => ({ account: `user${i}@example.com`, network: from(i) }));
  it('are limited by network and neighbourhood', async () => {
    expect(await sprayed(() => network)).toBe(60);
    expect(await sprayed((i) => `2001:db8:0:1::${i.toString(16)}`)).toBe(60);
    expect(await sprayed((i) => `198.51.100.${i % 250}`)).toBe(200);
    await instances.database.sql('truncate attempt_totals');
    expect(await sprayed((i) => `2001:db8:7:${i.toString(16)}::1`)).toBe(200);
  });
  it('leave a network less while everybody guesses from everywhere', async () => {
    const total = (tries: number, successes: number) =>
      instances.database.sql(
        `insert into attempt_totals values ('signIn', date_bin('5 minutes', now(), 'epoch'), $1, $2)
         on conflict (kind, starts_at) do update set tries = excluded.tries, successes = excluded.successes`,
        [tries, successes],
      );
    await total(990, 0);
    expect(await sprayed(() => network)).toBe(29);
    await total(1_000_000, 0);
    expect(await sprayed(() => '198.51.100.1')).toBe(3);
    // A busy morning: most who try succeed.
    await total(20_000, 12_000);
    expect(await sprayed(() => '203.0.113.1')).toBe(60);
    // Known devices do not notice.
    await total(1_000_000, 0);
    expect(await ownerUnderAttack(attempts, account)).toMatchObject({ known: 5 });
    await later('16 minutes');
    expect(await sprayed(() => '192.0.2.129')).toBe(60);
  });
  it('are seen by everybody’s failures, without those of known devices', async () => {
    const device = attempts.markDevice(undefined, account);
    await attempts.succeed(await attempts.spend('signIn', { account, network, device }));
    for (let i = 0; i < 3; i++) await attempts.spend('signIn', { network });
    await attempts.succeed(await attempts.spend('signIn', { network }));
    const [row] = await instances.database.sql(
      'select sum(tries)::int as tries, sum(successes)::int as successes from attempt_totals',
    );
    expect(row).toEqual({ tries: 4, successes: 1 });
  });
});

describe('what is kept', () => {
  it('names nobody', async () => {
    await attempts.spend('signIn', { account, network: '203.0.113.77' });
    const rows = await instances.database.sql(`select t::text, encode(key, 'escape') as key from attempts t`);
    expect(rows).not.toHaveLength(0);
    expect(JSON.stringify(rows)).not.toMatch(/ada|example|203|113/);
  });
  it('goes when it no longer counts', async () => {
    await attempts.spend('signIn', { account, network });
    await later('16 minutes');
    await attempts.spend('signIn', { account: 'grace@example.com', network });
    // One of them counts for a day, two were used again.
    expect(await attempts.purge()).toBe(1);
    await later('25 hours');
    expect(await attempts.purge()).toBeGreaterThan(0);
    expect(await instances.database.sql('select from attempts')).toEqual([]);
    expect(await instances.database.sql('select from attempt_totals')).toEqual([]);
  });
});
