import pg from 'pg';

/** `2026-03-14 09:26:53.5+00` as RFC 3339 with milliseconds. @param {string} text */
function rfc3339(text) {
  const fraction = text.length > 22 ? text.slice(20, -3).padEnd(3, '0') : '000';
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction}Z`;
}
const types = {
  /** @param {number} oid @param {'text' | 'binary'} [format] */
  getTypeParser(oid, format) {
    if (oid === 1184) return rfc3339;
    if (oid === 20) return Number;
    return pg.types.getTypeParser(oid, format);
  },
};
/** @param {string} name @param {string} text */
const statement = (name, text) => ({ name, text, rowMode: 'array', types });

const own =
  'o.id, o.customer_id, o.status, o.total_amount, o.currency, o.note, o.placed_at, o.created_at, o.updated_at, o.version';

export const account = statement('account', 'select roles, status from users where id = $1 and deleted_at is null');

export const oneOrder = statement(
  'one_order',
  `select ${own}, l.id, l.position, l.product_id, l.sku, l.name, l.quantity, l.unit_price_amount, l.currency, l.total_amount
   from orders o left join order_lines l on l.order_id = o.id
   where o.id = $1 and o.customer_id = $2 and o.deleted_at is null order by l.position`,
);
export const latestOrders = statement(
  'latest_orders',
  `select o.id, o.status, o.total_amount, o.currency, o.note, o.placed_at, o.created_at,
     l.id, l.position, l.sku, l.quantity, l.unit_price_amount, l.currency, l.total_amount, p.name
   from (select * from orders where customer_id = $1 and deleted_at is null order by created_at desc, id desc limit $2) o
   left join order_lines l on l.order_id = o.id
   left join products p on p.id = l.product_id and p.status = 'ACTIVE' and p.deleted_at is null
   order by o.created_at desc, o.id desc, l.position`,
);
export const ordersByStatus = statement(
  'orders_by_status',
  `select ${own}, o.internal_note from orders o where o.status = $1 and o.deleted_at is null
   order by o.total_amount desc, o.id desc limit $2`,
);
export const ordersByStatusAfter = statement(
  'orders_by_status_after',
  `select ${own}, o.internal_note from orders o
   where o.status = $1 and o.deleted_at is null and (o.total_amount, o.id) < ($3, $4)
   order by o.total_amount desc, o.id desc limit $2`,
);
export const newestUsers = statement(
  'newest_users',
  `select u.id, u.display_name, o.id, o.status, o.total_amount, o.currency, l.id, l.quantity, p.name
   from (select * from users where deleted_at is null order by created_at desc, id desc limit 20) u
   left join lateral (
     select * from orders where customer_id = u.id and deleted_at is null order by created_at desc, id desc limit 5) o on true
   left join order_lines l on l.order_id = o.id
   left join products p on p.id = l.product_id and p.deleted_at is null
   order by u.created_at desc, u.id desc, o.created_at desc, o.id desc, l.position`,
);
/**
 * One statement is one transaction: the products are locked in the order of their ids, the constraint on their stock
 * refuses what is not there, and an order whose products are not all for sale gives no row.
 */
export const place = statement(
  'place',
  `with
   wanted as (
     select id, line_id, quantity, n from unnest($3::uuid[], $4::uuid[], $5::int[]) with ordinality u(id, line_id, quantity, n)),
   offered as (
     select p.id, p.sku, p.name, p.price_amount, p.currency from products p
     where p.id = any($3::uuid[]) and p.status = 'ACTIVE' and p.deleted_at is null order by p.id for no key update),
   line as materialized (select * from offered join wanted using (id)),
   taken as (
     update products p set stock = p.stock - line.quantity from line where p.id = line.id),
   placed as (
     insert into orders (id, customer_id, status, total_amount, currency, note, created_at, placed_at, history_count)
     select $1, $2, 'PLACED', sum(price_amount * quantity), min(currency), $6, $7, $7, 1 from line
     having count(*) = cardinality($3::uuid[]) and count(distinct currency) = 1
     returning total_amount, currency, placed_at, created_at, updated_at, version),
   history as (
     insert into order_history (id, order_id, customer_id, number, from_status, to_status, actor_id, at)
     select $8, $1, $2, 1, 'DRAFT', 'PLACED', $2, $7 from placed),
   told as (
     insert into notifications (id, created_at, updated_at, user_id, topic, data)
     select $9, $7, $7, $2, 'order.placed', jsonb_build_object('orderId', $1::uuid, 'status', 'PLACED',
       'total', jsonb_build_object('amount', total_amount, 'currency', currency)) from placed),
   lines as (
     insert into order_lines (id, order_id, customer_id, position, product_id, sku, name, unit_price_amount, currency, quantity)
     select line_id, $1, $2, n, line.id, sku, line.name, price_amount, line.currency, quantity from line, placed
     returning id, position, product_id, sku, name, quantity, unit_price_amount, currency, total_amount)
   select placed.*, lines.* from placed, lines order by position`,
);
