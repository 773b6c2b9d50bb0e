import { Controller, Get } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler';
import { describe, expect, it } from 'vitest';
import { MemoryBudgets } from './budget-storage.js';

let now = 0;
const budgets = (maxKeys?: number) => {
  now = 5_000;
  return new MemoryBudgets(() => now, maxKeys);
};
const windowMs = 60_000;
const take = (storage: MemoryBudgets, key: string, limit = 2, blockDuration = 0) =>
  storage.increment(key, windowMs, limit, blockDuration, 'default');
const look = (storage: MemoryBudgets, key: string, limit = 2) => storage.look(key, windowMs, limit, 'default');

describe('a budget', () => {
  it('is refused after its last request, until its window ends', async () => {
    const storage = budgets();
    expect(await take(storage, 'a')).toEqual({
      totalHits: 1,
      timeToExpire: 60,
      isBlocked: false,
      timeToBlockExpire: 0,
    });
    now += 15_001;
    expect(await take(storage, 'a')).toMatchObject({ totalHits: 2, timeToExpire: 45, isBlocked: false });
    expect(await take(storage, 'a')).toMatchObject({ totalHits: 3, isBlocked: true, timeToBlockExpire: 45 });
    now += 44_998;
    expect(await take(storage, 'a')).toMatchObject({ isBlocked: true, timeToBlockExpire: 1 });
    now += 1;
    expect(await take(storage, 'a')).toMatchObject({ totalHits: 1, timeToExpire: 60, isBlocked: false });
  });
  it('belongs to one key of one limit', async () => {
    const storage = budgets();
    for (let i = 0; i < 3; i++) await take(storage, 'a');
    expect(await take(storage, 'b')).toMatchObject({ totalHits: 1, isBlocked: false });
    expect(await storage.increment('a', windowMs, 2, 0, 'other')).toMatchObject({ totalHits: 1, isBlocked: false });
  });
  it('can be looked at for nothing', async () => {
    const storage = budgets();
    expect(await look(storage, 'a')).toMatchObject({ totalHits: 0, timeToExpire: 60, isBlocked: false });
    expect(storage.size('default')).toBe(0);
    await take(storage, 'a');
    for (let i = 0; i < 3; i++) expect(await look(storage, 'a')).toMatchObject({ totalHits: 1, isBlocked: false });
    await take(storage, 'a');
    expect(await look(storage, 'a')).toMatchObject({ totalHits: 2, isBlocked: true, timeToBlockExpire: 60 });
    now += windowMs;
    expect(await look(storage, 'a')).toMatchObject({ totalHits: 0, isBlocked: false });
  });
  it('stays refused as long as a block lasts that was asked for', async () => {
    const storage = budgets();
    for (let i = 0; i < 3; i++) await take(storage, 'a', 2, 600_000);
    for (now += 100_000; now < 600_000; now += 100_000) {
      // Others turn the generations over meanwhile.
      await take(storage, `other ${now}`, 2, 600_000);
      expect(await take(storage, 'a', 2, 600_000)).toMatchObject({ isBlocked: true });
    }
    now = 605_000;
    expect(await take(storage, 'a', 2, 600_000)).toMatchObject({ totalHits: 1, isBlocked: false });
  });
});

describe('memory', () => {
  it('holds no more keys than it may, and forgets only when it is full', async () => {
    const storage = budgets(1_000);
    for (let i = 0; i < 500; i++) await take(storage, `key ${i}`);
    for (let i = 0; i < 500; i++) expect(await take(storage, `key ${i}`)).toMatchObject({ totalHits: 2 });
    for (let i = 0; i < 10_000; i++) {
      await take(storage, `flood ${i}`);
      expect(storage.size('default')).toBeLessThanOrEqual(1_000);
    }
  });
  it('lets go of windows that ended', async () => {
    const storage = budgets();
    for (let i = 0; i < 100; i++) await take(storage, `key ${i}`);
    now += windowMs;
    await take(storage, 'a');
    now += windowMs;
    await take(storage, 'b');
    expect(storage.size('default')).toBe(2);
  });
});

it('serves the guard of the library, too', async () => {
  @Controller()
  class Anything {
    @Get() get() {
      return 'ok';
    }
  }
  const module = await Test.createTestingModule({
    imports: [ThrottlerModule.forRoot({ throttlers: [{ limit: 2, ttl: windowMs }], storage: budgets() })],
    controllers: [Anything],
    providers: [{ provide: APP_GUARD, useClass: ThrottlerGuard }],
  }).compile();
  const app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
  await app.init();
  const status = async () => (await app.inject('/')).statusCode;
  expect([await status(), await status(), await status()]).toEqual([200, 200, 429]);
  now += windowMs;
  expect(await status()).toBe(200);
  await app.close();
});
