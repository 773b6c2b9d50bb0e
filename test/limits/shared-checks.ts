import { getStorageToken } from '@nestjs/throttler';
import { LeasedBudgets } from '#libs/limits/leased-budgets.js';
import type { TestClient } from '#libs/testing/clients.js';
import type { TestAppOptions } from '#test/harness/test-app.js';
import { TestApp } from '#test/harness/test-app.js';
import { startWorld, type World } from '#test/harness/world.js';

export const limit = 40;

export interface Pair {
  readonly world: World;
  readonly apps: readonly TestApp[];
  /** Ada as a client of each instance. */
  readonly ada: readonly TestClient[];
  stop(): Promise<void>;
}
/** Two instances over one database, with small limits. */
export async function startPair(options: Pick<TestAppOptions, 'env' | 'override'> = {}): Promise<Pair> {
  const env = { RATE_LIMIT_REQUESTS: String(limit), RATE_LIMIT_ANONYMOUS_REQUESTS: String(limit), ...options.env };
  const world = await startWorld({ ...options, env });
  const { database, issuer, sniffer } = world.app;
  const other = await TestApp.start({ ...options, env, database, issuer, sniffer });
  const apps = [world.app, other];
  await meet(apps);
  const ada = await Promise.all(apps.map((app) => app.as('ada', world.ids.ada)));
  const stop = async () => {
    await other.stop();
    await world.app.stop();
  };
  return { world, apps, ada, stop };
}
/** The instances hear of each other, as they do every few seconds. */
export async function meet(apps: readonly TestApp[]): Promise<void> {
  for (let round = 0; round < 2; round++)
    for (const { app } of apps) {
      const storage: unknown = app.get(getStorageToken());
      if (!(storage instanceof LeasedBudgets)) continue;
      // A busy machine is not what these tests are about.
      storage.patience = 20_000;
      await storage.meet();
    }
}
/** How many requests of one account are answered, by REST and GraphQL of two instances in turn. */
export async function servedByBothApis(clients: readonly TestClient[], times: number) {
  const statuses = new Map<number, number>();
  for (let i = 0; i < times; i++) {
    const client = clients[Math.floor(i / 2) % clients.length];
    const { status } = i % 2 === 0 ? await client.get('/v1/users/me') : await client.graphql('{ me { id } }');
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  return Object.fromEntries(statuses);
}
/** How many documents of ten aliases each are answered. */
export async function servedAliases(clients: readonly TestClient[], times: number): Promise<number> {
  const document = `{ ${Array.from({ length: 10 }, (_, i) => `a${i}: me { id }`).join(' ')} }`;
  let served = 0;
  for (let i = 0; i < times; i++) if ((await clients[i % clients.length].graphql(document)).status === 200) served++;
  return served;
}
/** How many requests without a token are answered that each claim to come from another network. */
export async function servedPretenders(apps: readonly TestApp[], times: number): Promise<number> {
  let served = 0;
  for (let i = 0; i < times; i++) {
    const headers = { 'x-forwarded-for': `203.0.113.${i}, 198.51.100.${i}`, forwarded: `for=203.0.113.${i}` };
    if ((await apps[i % apps.length].anonymous.get('/v1/meta/messages', headers)).status === 200) served++;
  }
  return served;
}
