// Each test takes away what a limit of the endpoints of OAuth rests on, and sees the harm that test/limits would see.
import { getStorageToken } from '@nestjs/throttler';
import { afterEach, expect, it, vi } from 'vitest';
import { MemoryBudgets } from '#libs/limits/budget-storage.js';
import { LeasedBudgets } from '#libs/limits/leased-budgets.js';
import { RateLimits } from '#libs/limits/rate-limits.js';
import { EndpointLimits } from '#libs/oidc/endpoint-limits.js';
import {
  answered,
  fewGuesses,
  guess,
  makeService,
  office,
  officeLimit,
  serviceToken,
  startEndpoints,
  type Endpoints,
} from '#test/limits/oauth-checks.js';

let at: Endpoints;
afterEach(async () => {
  vi.restoreAllMocks();
  await at?.stop();
});

it('guesses that cost no more than what is right go on', async () => {
  vi.spyOn(EndpointLimits.prototype, 'settle').mockResolvedValue();
  at = await startEndpoints();
  expect(await answered(100, (i) => guess(at, i))).toBe(100);
});
it('a network that callers choose is never used up', async () => {
  const { spendAt } = RateLimits.prototype;
  vi.spyOn(RateLimits.prototype, 'spendAt').mockImplementation(function (this: RateLimits, endpoint, payer, instead) {
    const address = `198.51.100.${Math.floor(Math.random() * 250)}`;
    return spendAt.call(this, endpoint, payer.by === 'network' ? { by: 'network', address } : payer, instead);
  });
  at = await startEndpoints();
  expect(await answered(100, (i) => guess(at, i))).toBe(100);
});
it('instances that count by themselves let as many times as much be guessed', async () => {
  at = await startEndpoints({
    override: (builder) =>
      builder.overrideProvider(getStorageToken()).useFactory({ factory: () => new MemoryBudgets() }),
  });
  expect(await answered(100, (i) => guess(at, i))).toBeGreaterThan(fewGuesses.atMost);
});
it('a network that pays for what was right shuts an office out', async () => {
  vi.spyOn(LeasedBudgets.prototype, 'giveBack').mockReturnValue();
  at = await startEndpoints({ env: officeLimit });
  expect((await office(at)).map(({ status }) => status)).toContain(429);
});
it('a client that is counted by what it claims to be is shut out by others', async () => {
  const { settle, clientProven } = EndpointLimits.prototype;
  vi.spyOn(EndpointLimits.prototype, 'settle').mockImplementation(async function (this: EndpointLimits, ctx) {
    const { Client } = ctx.oidc.entities;
    if (ctx.status === 401 && Client) await clientProven.call(this, ctx, Client.clientId).catch(() => undefined);
    await settle.call(this, ctx);
  });
  at = await startEndpoints({ env: { TRUST_PROXY: '127.0.0.1/32' } });
  const service = await makeService(at);
  await answered(60, (i) => serviceToken(at, service, 'a-guess', `198.51.100.${i}`));
  expect((await serviceToken(at, service, undefined, '192.0.2.1')).status).toBe(429);
});
