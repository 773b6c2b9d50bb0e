import { appendFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { MikroORM } from '@mikro-orm/postgresql';
import { startWorld } from '#test/harness/world.js';
import { Database } from '#libs/database/database.js';
const log = (...a: unknown[]) => appendFileSync('/tmp/zz.log', a.join(' ') + '\n');
let nr = 0;
const open = new Map<number, string[]>();
class TDatabase extends Database {
  override transaction<T>(work: any): Promise<T> {
    const me = nr++;
    const steps = ['start'];
    open.set(me, steps);
    return super.transaction(async (em: any) => {
      steps.push('begun');
      const rb = em.rollback.bind(em);
      em.rollback = async () => { steps.push('rollback'); const r = await rb(); steps.push('rolled'); return r; };
      try { const r = await work(em); steps.push('worked'); return r; } catch (e) { steps.push('threw ' + String(e).slice(0, 100)); throw e; }
    }).finally(() => open.delete(me)) as any;
  }
}
it('x', { timeout: 12000 }, async () => {
  const world = await startWorld({ override: (b) => b.overrideProvider(Database).useClass(TDatabase) });
  const productId = await world.makeProduct({ stock: 10 });
  const t0 = Date.now();
  let left = 50;
  const pool: any = await (world.app.app.get(MikroORM).em.getConnection() as any).getNativeClient();
  const iv = setInterval(async () => {
    log(Date.now() - t0, 'open', left, JSON.stringify([...open]), 'pool', pool.totalCount, pool.idleCount, pool.waitingCount);
  }, 2000);
  await Promise.all(Array.from({ length: 50 }, async (_, i) => {
    const t = Date.now();
    const r = await world.clients.ada.post('/v1/orders', { lines: [{ productId, quantity: 1 }], place: true });
    left--;
    log(i, Date.now() - t, r.status, r.body?.error?.code);
  }));
  clearInterval(iv);
  await world.app.stop();
  expect(1).toBe(1);
});
