import { randomUUID } from 'node:crypto';
import { getStorageToken } from '@nestjs/throttler';
import { hashOfSecret } from '#libs/oidc/client-metadata.js';
import type { TestAppOptions } from '#test/harness/test-app.js';
import { Browser, call, Instances, mobile, refresh, signIn, type Answer } from '#test/issuer/client.js';
import { startPair, type Pair } from './shared-checks.js';

/** Requests of a window, as the rules make them of the settings below. */
export const ofNetwork = 200;
/** Guesses that are as much as that; the last few cost one, where less is left than a guess costs. */
export const fewGuesses = { atLeast: 40, atMost: 50 };
export const ofClient = 40;
export const ofSession = 4;

export interface Endpoints extends Pair {
  readonly instances: Instances;
}
/** Two instances with small budgets at the endpoints of OAuth. */
export async function startEndpoints(options: Pick<TestAppOptions, 'env' | 'override'> = {}): Promise<Endpoints> {
  const env = { RATE_LIMIT_REQUESTS: '40', RATE_LIMIT_ANONYMOUS_REQUESTS: '400', ...options.env };
  const pair = await startPair({ ...options, env });
  return { ...pair, instances: new Instances(pair.apps) };
}
export const secret = 'a-long-and-random-secret';
/** A service that proves who it is by `secret`. */
export async function makeService({ world }: Endpoints): Promise<string> {
  const id = `service-${randomUUID()}`;
  const secrets = [{ hash: hashOfSecret(secret), createdAt: new Date().toISOString(), expiresAt: null }];
  await world.app.database.sql(
    `insert into clients (id, client_id, name, kind, auth_method, scopes, secrets)
     values ($1, $2, $2, 'SERVICE', 'CLIENT_SECRET', '{users:read}', $3)`,
    [randomUUID(), id, JSON.stringify(secrets)],
  );
  return id;
}
const forwarded = (from: string) => ({ 'x-forwarded-for': from });
/** Everything that somebody may say of where it comes from. */
export const pretending = (i: number) => ({
  'x-forwarded-for': `203.0.113.${i % 250}, 198.51.100.${i % 250}`,
  forwarded: `for=203.0.113.${i % 250}`,
  'x-real-ip': `203.0.113.${i % 250}`,
});
export const guess = ({ instances }: Endpoints, i: number, headers: Record<string, string> = pretending(i)) =>
  refresh(instances, mobile.clientId, `guess-${i}`.padEnd(43, 'x'), {}, headers);
export const serviceToken = ({ instances }: Endpoints, id: string, shown = secret, from = '') =>
  call(
    instances,
    '/oauth/token',
    { grant_type: 'client_credentials' },
    { authorization: `Basic ${Buffer.from(`${id}:${shown}`).toString('base64')}`, ...(from && forwarded(from)) },
  );
/** A session of an account of its own, as its first refresh token. */
export const session = async ({ instances, world }: Endpoints) =>
  (await signIn(new Browser(instances), await world.makeUser(), mobile)).refresh_token;

/** People of one network, each of whom refreshes three times: more requests together than `officeLimit`. */
export const officeOf = 12;
/** For the network of the office: its sign-ins are few enough, with all refreshes it would be used up. */
export const officeLimit = { RATE_LIMIT_ANONYMOUS_REQUESTS: '80' };
export async function office(at: Endpoints): Promise<Answer[]> {
  let tokens: string[] = [];
  for (let i = 0; i < officeOf; i++) tokens.push(await session(at));
  const all: Answer[] = [];
  for (let round = 0; round < 3; round++) {
    const answers = await Promise.all(tokens.map((token) => refresh(at.instances, mobile.clientId, token)));
    all.push(...answers);
    tokens = answers.map(({ body }, i) => body.refresh_token ?? tokens[i]);
  }
  return all;
}
/** As if the window were over. */
export async function endWindows({ apps, world }: Endpoints): Promise<void> {
  await world.app.database.sql(`update budgets set ends_at = now() - interval '1 second'`);
  for (const { app } of apps) app.get<{ byName: Map<string, unknown> }>(getStorageToken()).byName.clear();
}
/** How many of so many requests, one after the other, got another answer than 429. */
export async function answered(times: number, ask: (i: number) => Promise<Answer>): Promise<number> {
  let count = 0;
  for (let i = 0; i < times; i++) if ((await ask(i)).status !== 429) count++;
  return count;
}
