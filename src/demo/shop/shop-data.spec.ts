import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '#libs/testing/database.js';
import { seedDemo } from '../demo-data.js';
import { keptDays } from './demo-notifications.js';
import { growDemo } from './grow-demo.js';

const now = new Date('2026-11-23T09:00:00Z');
let db: TestDatabase;
beforeAll(async () => {
  db = await TestDatabase.clone(inject('testDatabase'));
});
afterAll(() => db.drop());

/** What must hold of every order, whoever made it: rows for which it does not. */
const contradictions = {
  'total is the sum of the lines': `
    select o.id from orders o where total_amount <> (select sum(total_amount) from order_lines l where l.order_id = o.id)`,
  'the history ends in the status': `
    select o.id from orders o, lateral (
      select count(*)::int as count, coalesce((array_agg(to_status order by number desc))[1], 'DRAFT') as status
      from order_history h where h.order_id = o.id) h
    where (o.history_count, o.status) is distinct from (h.count, h.status)`,
  'moves follow each other': `
    select a.id from order_history a join order_history b on b.order_id = a.order_id and b.number = a.number + 1
    where b.at <= a.at or b.from_status <> a.to_status`,
  'placed orders say when': `
    select o.id from orders o where placed_at is distinct from (
      select at from order_history h where h.order_id = o.id and to_status = 'PLACED')`,
  'parts carry their owner': `
    select l.id from order_lines l join orders o on o.id = l.order_id where l.customer_id <> o.customer_id
    union all select h.id from order_history h join orders o on o.id = h.order_id where h.customer_id <> o.customer_id`,
  'customers were told of moves of their orders, in the transaction that made them': `
    select n.id from notifications n left join orders o on o.id = (n.data ->> 'orderId')::uuid
      left join order_history h on h.order_id = o.id and h.at = n.created_at and 'order.' || lower(h.to_status) = n.topic
    where h.id is null or o.customer_id <> n.user_id or n.data ->> 'status' <> h.to_status
      or n.data -> 'total' <> jsonb_build_object('amount', o.total_amount, 'currency', o.currency)`,
  'and of each of the last months that is worth it, once': `
    select h.id from order_history h left join notifications n
      on (n.data ->> 'orderId')::uuid = h.order_id and h.at = n.created_at
    where h.at > timestamptz '${now.toISOString()}' - make_interval(days => ${keptDays})
      and (h.to_status <> 'CANCELLED' or h.from_status <> 'DRAFT')
    group by h.id having count(n.id) <> 1`,
  'nothing is read before it was told, or in the future': `
    select id from notifications where read_at < created_at or greatest(created_at, updated_at) > '${now.toISOString()}'`,
  'nothing lies in the future or before its customer': `
    select o.id from orders o join users u on u.id = o.customer_id
    where o.created_at < u.created_at or greatest(o.created_at, o.updated_at, o.placed_at) > '${now.toISOString()}'`,
};
const sizes = async () => {
  const [row] = await db.sql(
    `select (select count(*)::int from users) as users, (select count(*)::int from orders) as orders`,
  );
  return row;
};

describe('a demo shop in a database', () => {
  it('is there with the accounts', async () => {
    await seedDemo(db.servingUrl, now);
    expect(await sizes()).toEqual({ users: 25, orders: 1000 });
    expect(await db.sql('select id from orders where version <> 1')).toEqual([]);
  });
  it('grows to a size, and no further', async () => {
    const size = { users: 400, orders: 3000 };
    expect(await growDemo(db.ownerUrl, now, size)).toEqual({ users: 375, orders: 2000 });
    expect(await sizes()).toEqual(size);
    expect(await growDemo(db.servingUrl, now, size)).toEqual({ users: 0, orders: 0 });
    expect(await db.sql('select status from orders group by status')).toHaveLength(7);
  });
  it('leaves some of what users were told unread', async () => {
    const [{ of, unread }] = await db.sql(
      `select count(*)::int as of, count(*) filter (where read_at is null)::int as unread from notifications`,
    );
    expect(of).toBeGreaterThan(1000);
    expect(unread / of).toBeGreaterThan(0.05);
    expect(unread / of).toBeLessThan(0.4);
  });
  it.each(Object.entries(contradictions))('%s', async (_rule, sql) => {
    expect(await db.sql(sql)).toEqual([]);
  });
});
