import { getStorageToken } from '@nestjs/throttler';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { TokenVerifier } from '#libs/authn/token-verifier.js';
import { currentContext } from '#libs/context/request-context.js';
import { MemoryBudgets } from '#libs/limits/budget-storage.js';
import { RateLimits, type Verdict } from '#libs/limits/rate-limits.js';
import type { World } from '#test/harness/world.js';
import { limit, servedAliases, servedByBothApis, startPair } from '#test/limits/shared-checks.js';
import {
  guesses,
  leftAfterBothApis,
  pretendingNetworks,
  startLimited,
  twoCallers,
  workForUsedUpNetwork,
} from '#test/wire/rate-limit-checks.js';

/** As if nobody had counted. */
const nothing = { headers: {} } as unknown as Verdict;
const sabotage = { now: 'nothing' };
const { spend, charge } = RateLimits.prototype;
beforeEach(() => {
  const isGraphql = () => currentContext()?.operation.includes('/graphql');
  vi.spyOn(RateLimits.prototype, 'spend').mockImplementation(async function (this: RateLimits, authorization, address) {
    if (sabotage.now === 'GraphQL apart' && isGraphql()) return spend.call(this, undefined, 'graphql');
    if (sabotage.now === 'by network') return spend.call(this, undefined, address);
    if (sabotage.now === 'guesses are free' && authorization?.includes('guess')) return nothing;
    if (sabotage.now === 'by address as sent') return spend.call(this, authorization, `198.51.100.${Math.random()}`);
    if (sabotage.now === 'counted afterwards') return nothing;
    return spend.call(this, authorization, address);
  });
  vi.spyOn(RateLimits.prototype, 'charge').mockImplementation(async function (this: RateLimits, verdict, requests) {
    return charge.call(this, verdict, sabotage.now === 'documents count once' ? 1 : requests);
  });
});
let world: World;
const start = async (what: string, env?: Record<string, string>) => {
  world = await startLimited(env);
  sabotage.now = what;
};
afterEach(async () => {
  sabotage.now = 'nothing';
  vi.restoreAllMocks();
  await world.app.stop();
});

it('a budget that GraphQL has for itself is not shared', async () => {
  await start('GraphQL apart');
  expect(await leftAfterBothApis(world.clients.ada)).toEqual([3, 2, 2]);
});
it('budgets of networks alone make accounts share', async () => {
  await start('by network', { RATE_LIMIT_ANONYMOUS_REQUESTS: '4' });
  const { ada, grace } = world.clients;
  expect(await twoCallers(ada, grace)).toEqual([200, 200, 200, 200, 429, 429, 429, 429, 429, 429]);
});
it('guesses that cost nothing go on', async () => {
  await start('guesses are free');
  expect(await guesses(world.app.anonymous)).toEqual([401, 401, 401, 401]);
});
it('a network that callers choose is never used up', async () => {
  await start('by address as sent');
  expect(await pretendingNetworks(world.app.anonymous)).toEqual([200, 200, 200, 200]);
});
it('a limit that looks too late has checked tokens and asked the database by then', async () => {
  await start('counted afterwards');
  const { statements, verifications } = await workForUsedUpNetwork(world, world.app.app.get(TokenVerifier));
  expect(statements).toBeGreaterThan(0);
  expect(verifications).toBeGreaterThan(1);
});
it('instances that count by themselves give everybody as many budgets', async () => {
  const pair = await startPair({
    override: (builder) =>
      builder.overrideProvider(getStorageToken()).useFactory({ factory: () => new MemoryBudgets() }),
  });
  world = pair.world;
  expect(await servedByBothApis(pair.ada, 3 * limit)).toEqual({ 200: 2 * limit, 429: limit });
  await pair.apps[1].stop();
});
it('aliases are free where a document counts once', async () => {
  sabotage.now = 'documents count once';
  const pair = await startPair();
  world = pair.world;
  expect(await servedAliases(pair.ada, 10)).toBe(10);
  await pair.apps[1].stop();
});
