import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '#libs/testing/database.js';
import { TransactionPooler } from '#libs/testing/transaction-pooler.js';
import { detectPooling, poolerFindings } from '#libs/doctor/pooler.js';

let database: TestDatabase;
let pooler: TransactionPooler;
beforeAll(async () => {
  database = await TestDatabase.clone(inject('testDatabase'));
  pooler = await TransactionPooler.start(database.servingUrl, 6);
});
afterAll(async () => {
  await pooler?.stop();
  await database?.drop();
});

it('nothing between is seen as such', async () => {
  expect(await detectPooling(database.servingUrl)).toEqual({ mode: 'none' });
});
it('a pooler that gives a connection away after each transaction is seen by what it forgets', async () => {
  expect(await detectPooling(pooler.url)).toEqual({ mode: 'transaction', keepsStatements: false });
});

describe('what is said of it', () => {
  const none = { mode: 'none' } as const;
  const forgetful = { mode: 'transaction', keepsStatements: false } as const;
  const modern = { mode: 'transaction', keepsStatements: true } as const;
  const say = (...args: Parameters<typeof poolerFindings>) =>
    poolerFindings(...args).map(
      ({ status, message }) => `${status}: ${/[A-Z]+_[A-Z]+_URL|prepared/.exec(message)?.[0]}`,
    );

  it.each([
    ['none', { serving: none }, true, ['ok: undefined']],
    ['one that keeps statements', { serving: modern, direct: none }, true, ['ok: prepared']],
    ['one that does not', { serving: forgetful, direct: none }, true, ['problem: prepared']],
    ['one that does not, to a service without names', { serving: forgetful, direct: none }, false, ['ok: undefined']],
    ['no way past it', { serving: modern }, true, ['warning: DATABASE_DIRECT_URL']],
    ['a direct way that is none', { serving: modern, direct: modern }, true, ['problem: DATABASE_DIRECT_URL']],
    ['migrations through it', { serving: none, owner: modern }, true, ['problem: DATABASE_OWNER_URL']],
  ])('%s', (_name, poolings, named, expected) => {
    expect(say(poolings, named)).toEqual(expected);
  });
});
