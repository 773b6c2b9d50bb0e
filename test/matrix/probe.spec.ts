import { it } from 'vitest';
import { startMatrix, calls } from './calls.js';
import { Matrix } from './matrix.js';
it('probe', async () => {
  const w = await startMatrix();
  const m = new Matrix(w);
  const names = ['anonymous', 'ada', 'grace', 'support', 'manager', 'admin', 'suspended'] as const;
  const call = await calls.getOrder.placed(w, 'ada');
  const run = async (label: string, p: Promise<unknown>) => {
    const r = await Promise.race([p, new Promise((r) => setTimeout(r, 3000, 'TIMEOUT'))]);
    console.log(label, r);
  };
  await Promise.all(names.map((n) => run('rest ' + n, w.clients[n].get(call.rest[1]).then((a) => a.status))));
  await Promise.all(names.map((n) => run('gql ' + n, m.graphql(call, n))));
  await Promise.all(names.map((n) => run('restfull ' + n, m.rest(call, n))));
  const o = w.app.app.get((await import('@mikro-orm/core')).MikroORM);
  const c: any = await (o.em.getConnection() as any).getNativeClient?.();
  console.log(c && { total: c.totalCount, idle: c.idleCount, waiting: c.waitingCount });
  console.log(await w.app.database.sql(`select pid, state, wait_event_type, wait_event, left(query, 120) q, now() - xact_start as age from pg_stat_activity where datname = current_database()`));
}, 30000);
