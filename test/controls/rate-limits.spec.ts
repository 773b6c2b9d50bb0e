import { afterEach, expect, it, vi } from 'vitest';
import { TokenVerifier } from '#libs/authn/token-verifier.js';
import { currentContext } from '#libs/context/request-context.js';
import type * as Limits from '#libs/limits/rate-limits.js';
import type { World } from '#test/harness/world.js';
import {
  guesses,
  leftAfterBothApis,
  pretendingNetworks,
  startLimited,
  twoCallers,
  workForUsedUpNetwork,
} from '#test/wire/rate-limit-checks.js';

const sabotage = vi.hoisted(() => ({ now: 'nothing' }));
vi.mock('#libs/limits/rate-limits.js', async (original) => {
  const real = await original<typeof Limits>();
  const { spend } = real.RateLimits.prototype;
  const isGraphql = () => currentContext()?.operation.includes('/graphql');
  real.RateLimits.prototype.spend = async function (this: Limits.RateLimits, authorization, address) {
    if (sabotage.now === 'GraphQL apart' && isGraphql()) return spend.call(this, undefined, 'graphql');
    if (sabotage.now === 'by network') return spend.call(this, undefined, address);
    if (sabotage.now === 'guesses are free' && authorization?.includes('guess')) return { headers: {} };
    if (sabotage.now === 'by address as sent') return spend.call(this, authorization, `198.51.100.${Math.random()}`);
    if (sabotage.now === 'counted afterwards') return { headers: {} };
    return spend.call(this, authorization, address);
  };
  return real;
});
let world: World;
const start = async (what: string, env?: Record<string, string>) => {
  world = await startLimited(env);
  sabotage.now = what;
};
afterEach(async () => {
  sabotage.now = 'nothing';
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
  expect(verifications).toBeGreaterThan(0);
});
