import pg from 'pg';
import { hashOf } from '#libs/oidc/issuer-state.js';
import type { World } from '#test/harness/world.js';
import { me, mobile, refresh, type Answer, type Instances } from './client.js';

export const again = (instances: Instances, token: string) => refresh(instances, mobile.clientId, token);

/** Successors that could be used, of all that came of the same grant. */
export async function usable(world: World, token: string): Promise<number> {
  const [{ count }] = await world.app.database.sql(
    `select count(*)::int from issuer_state where model = 'RefreshToken' and consumed_at is null
       and grant_id = (select grant_id from issuer_state where model = 'RefreshToken' and id = $1)`,
    [hashOf(token)],
  );
  return count as number;
}
/** Answers as `status error`, each once, sorted. */
export const kindsOf = (answers: readonly Answer[]): string[] =>
  [...new Set(answers.map(({ status, body }) => `${status} ${body?.error ?? ''}`.trim()))].sort();

/**
 * Refreshes of one token while somebody holds its grant: how many connections wait for it, and what is answered meanwhile to
 * others who need the database.
 */
export async function whileHeld(world: World, instances: Instances, token: string, times: number) {
  const holder = new pg.Client({ connectionString: world.app.database.ownerUrl });
  await holder.connect();
  try {
    await holder.query('begin');
    await holder.query(
      `select 1 from issuer_state g where g.model = 'Grant' and g.id in (
         select translate(rtrim(encode(sha256(convert_to(t.grant_id, 'UTF8')), 'base64'), '='), '+/', '-_')
         from issuer_state t where t.model = 'RefreshToken' and t.id = $1) for update`,
      [hashOf(token)],
    );
    const refreshed = Promise.all(Array.from({ length: times }, () => again(instances, token)));
    const waiting = async () => {
      const [{ count }] = await world.app.database.sql(
        `select count(distinct l.pid)::int as count from pg_locks l join pg_stat_activity a using (pid)
          where not l.granted and a.datname = current_database()`,
      );
      return count as number;
    };
    while ((await waiting()) < instances.all.length) await new Promise((later) => setTimeout(later, 10));
    const access = await world.app.issuer.token(world.ids.grace);
    const others = await Promise.all(Array.from({ length: 20 }, () => me(instances, access)));
    const connections = await waiting();
    await holder.query('commit');
    return { connections, others: others.map(({ status }) => status), refreshed: await refreshed };
  } finally {
    await holder.end();
  }
}
