import { getStorageToken } from '@nestjs/throttler';
import { vi } from 'vitest';
import type { TokenVerifier } from '#libs/authn/token-verifier.js';
import { MemoryBudgets } from '#libs/limits/budget-storage.js';
import type { Answer, TestClient } from '#libs/testing/clients.js';
import { startWorld, type World } from '#test/harness/world.js';

export const requests = 4;
export const anonymousRequests = 3;
export const windowSeconds = 60;

/** A shop with small budgets, and a clock that stands still until it is moved. */
export async function startLimited(env: Record<string, string> = {}): Promise<World & { clock: { now: number } }> {
  const clock = { now: 0 };
  const world = await startWorld({
    env: {
      RATE_LIMIT_REQUESTS: String(requests),
      RATE_LIMIT_ANONYMOUS_REQUESTS: String(anonymousRequests),
      RATE_LIMIT_WINDOW_SECONDS: String(windowSeconds),
      ...env,
    },
    override: (builder) => builder.overrideProvider(getStorageToken()).useValue(new MemoryBudgets(() => clock.now)),
  });
  return { ...world, clock };
}
/** `RateLimit` and `RateLimit-Policy`, as numbers. */
export function limitOf({ headers }: Pick<Answer, 'headers'>) {
  const [, policy, q, w] = /^"([a-z]+)";q=(\d+);w=(\d+)$/.exec(headers.get('ratelimit-policy') ?? '') ?? [];
  const [, name, r, t] = /^"([a-z]+)";r=(\d+);t=(\d+)$/.exec(headers.get('ratelimit') ?? '') ?? [];
  if (policy === undefined || policy !== name) return undefined;
  return { name, q: Number(q), w: Number(w), r: Number(r), t: Number(t) };
}
const remaining = (answer: Answer) => limitOf(answer)?.r;

/** What is left to an account after it asked REST and GraphQL in turn. */
export async function leftAfterBothApis(caller: TestClient): Promise<(number | undefined)[]> {
  return [
    remaining(await caller.get('/v1/users/me')),
    remaining(await caller.graphql('{ me { id } }')),
    remaining(await caller.get('/v1/users/me')),
  ];
}
/** Statuses of one caller's requests and then of another's, one more than a budget holds each, over one network. */
export async function twoCallers(first: TestClient, second: TestClient): Promise<number[]> {
  const statuses: number[] = [];
  for (const caller of [first, second])
    for (let i = 0; i < requests + 1; i++) statuses.push((await caller.get('/v1/users/me')).status);
  return statuses;
}
/** Statuses of requests that all claim to come from another network. */
export async function pretendingNetworks(caller: TestClient): Promise<number[]> {
  const statuses: number[] = [];
  for (let i = 0; i < anonymousRequests + 1; i++)
    statuses.push((await caller.get('/v1/products', { 'x-forwarded-for': `203.0.113.${i}` })).status);
  return statuses;
}
/** Statuses of guessed tokens. */
export async function guesses(caller: TestClient): Promise<number[]> {
  const statuses: number[] = [];
  for (let i = 0; i < anonymousRequests + 1; i++)
    statuses.push((await caller.get('/v1/users/me', { authorization: `Bearer a.guess.${i}` })).status);
  return statuses;
}
/**
 * Uses up the network. Somebody on it whose token was not seen before asks, then others with guessed tokens and without
 * any, as many as they like: the answers, and what those others cost.
 */
export async function workForUsedUpNetwork(world: World, tokens: TokenVerifier) {
  const { anonymous } = world.app;
  const unseen = await world.app.as('grace', world.ids.grace);
  for (let i = 0; i < anonymousRequests; i++) await anonymous.get('/v1/products');
  const honest = (await unseen.get('/v1/users/me')).status;
  const verify = vi.spyOn(tokens, 'verify');
  const answers: (number | string | undefined)[] = [];
  const statements = await world.app.statements(async () => {
    for (let round = 0; round < 3; round++) answers.push(...(await guesses(anonymous)));
    answers.push((await anonymous.get('/v1/products')).status);
    answers.push((await anonymous.graphql('{ products { nodes { id } } }')).code);
  });
  const verifications = verify.mock.calls.length;
  verify.mockRestore();
  return { honest, answers, statements, verifications };
}
