import { MikroORM } from '@mikro-orm/postgresql';
import type pg from 'pg';
import { CountingClient } from '#libs/database/statements.js';
import type { Answer, TestClient } from '#libs/testing/clients.js';
import type { World } from '#test/harness/world.js';

/** What a service has named so far. */
export interface Named {
  /** Statements sent, whatever their names. */
  readonly statements: number;
  /** Names that reads were sent under, or that PostgreSQL keeps on a connection of the pool. */
  readonly names: readonly string[];
  /** How many of them PostgreSQL keeps; several connections keep the same ones. */
  readonly prepared: number;
}
/** What the service does beside reads has names in its code: looking at accounts and roles, the audit trail, limits. */
const isOfReads = (name: string): boolean => !/^(access|audit|person_keys|lease|budget)_[a-z_]+$/.test(name);

/** Pages of what everybody may list. */
const connections = `query Some($first: Int!, $since: DateTime!, $name: String!) {
  me { id displayName locale }
  users(first: $first, filter: { createdAt: { gte: $since }, displayName: { contains: $name } }) { nodes { id displayName } }
  notifications(first: $first, filter: { createdAt: { gte: $since } }) { nodes { id topic createdAt } }
}`;
/** The handful of things that every account does, with values of its own. */
async function useAsEverybodyDoes(client: TestClient, id: string, n: number): Promise<void> {
  const since = new Date(Date.UTC(2020, 0, 1 + (n % 2000), n % 24)).toISOString();
  const limit = 1 + (n % 50);
  const requests: (() => Promise<Answer>)[] = [
    () => client.get(`/v1/users/me?fields=id,displayName,preferences`),
    () => client.get(`/v1/users/${id}`),
    () => client.get(`/v1/users?limit=${limit}&createdAt[gte]=${since}&sort=-createdAt`),
    () => client.get(`/v1/users?email=user-${n}@many.example&count=true`),
    () => client.get(`/v1/notifications?limit=${limit}&createdAt[gte]=${since}&isRead=${n % 2 === 0}`),
    () => client.patch('/v1/users/me', { displayName: `Renamed ${n}`, locale: n % 2 ? 'de' : 'en' }),
    () => client.graphql(connections, { first: limit, since, name: `d ${n}` }),
    () => client.graphql('query One($id: ID!) { user(id: $id) { id displayName timeZone } }', { id }),
  ];
  for (const request of requests) {
    const { status, body } = await patiently(request);
    if (status >= 400 || body.errors) throw new Error(`${status}: ${JSON.stringify(body)}`);
  }
}
/** A busy machine makes the service ask for patience. */
async function patiently(request: () => Promise<Answer>): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    const answer = await request();
    if (!answer.text.includes('"UNAVAILABLE"') || attempt === 6) return answer;
    await new Promise((resolve) => setTimeout(resolve, 250 * attempt));
  }
}
async function preparedNames(world: World): Promise<string[]> {
  const pool: pg.Pool = await world.app.app.get(MikroORM).em.getConnection().getNativeClient();
  // Held together, so that each is another one.
  const clients = await Promise.all(Array.from({ length: pool.totalCount }, () => pool.connect()));
  const names = new Set<string>();
  for (const client of clients) {
    const { rows } = await client.query<{ name: string }>('select name from pg_prepared_statements');
    for (const { name } of rows) names.add(name);
    client.release();
  }
  return [...names].filter(isOfReads);
}

/** Lets `users` new accounts use the service; tells what had a name after the first `few` of them, and after all. */
export async function nameStatements(world: World, few: number, users: number): Promise<{ few: Named; all: Named }> {
  const accounts = await world.app.database.sql<{ id: string }>(
    `insert into users (id, email, display_name, roles)
     select gen_random_uuid(), 'user-' || n || '@many.example', 'Named ' || n, '{customer}' from generate_series(1, $1) n
     returning id`,
    [users],
  );
  const sent = new Set<string>();
  let statements = 0;
  const original = CountingClient.prototype.query;
  CountingClient.prototype.query = function (this: CountingClient, ...args: unknown[]) {
    statements++;
    const { name } = args[0] as { name?: string };
    if (name !== undefined && isOfReads(name)) sent.add(name);
    return original.apply(this, args) as unknown;
  };
  let next = 0;
  const upTo = async (end: number): Promise<Named> => {
    const worker = async () => {
      while (next < end) {
        const n = next++;
        const { id } = accounts[n];
        await useAsEverybodyDoes(await world.app.as(`user ${n}`, id), id, n);
      }
    };
    await Promise.all(Array.from({ length: 4 }, worker));
    const prepared = await preparedNames(world);
    return { statements, names: [...new Set([...sent, ...prepared])].sort(), prepared: prepared.length };
  };
  try {
    return { few: await upTo(few), all: await upTo(users) };
  } finally {
    CountingClient.prototype.query = original;
  }
}
