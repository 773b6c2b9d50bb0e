import pg from 'pg';
import { keptDays } from './demo-notifications.js';
import { seedDemo } from '../demo-data.js';

export interface Size {
  readonly users: number;
  readonly orders: number;
}
const large: Size = { users: 20_000, orders: 200_000 };
const batch = 25_000;
const growLock = 7_418_035;

/** SQL of a UUIDv7 of this moment whose other bits follow from `salt`. */
const uuid = (at: string, salt: string): string =>
  `(lpad(to_hex(floor(extract(epoch from ${at}) * 1000)::bigint), 12, '0') || '7' || substr(md5(${salt}), 1, 3) || '8' || substr(md5(${salt}), 4, 15))::uuid`;

const growUsers = `
  with names as (select
      array['Emma','Noah','Sofia','Liam','Marta','Jakub','Elena','Hugo','Freya','Mikkel','Clara','Tomás','Nina','Oskar','Aisha','Felix','Greta','Luca','Zoë','Pavel','Carmen','Idris','Maya','Anton','Ruth'] as given,
      array['Schmidt','Novak','Fischer','Moreau','Janssen','Costa','Bianchi','Nielsen','Walker','Horváth','Laine','Murphy','Santos','Keller','Ivanova','Brown','Garcia','Popescu','Berg','Kowalczyk','Osei','Singh','Martin','Lang','Virtanen','Roux','Haas','Young','Ricci','Vogel'] as family,
      array['en','de','fr','es','it','nl','pl','pt'] as locales,
      array['Europe/London','Europe/Berlin','Europe/Paris','Europe/Madrid','Europe/Rome','Europe/Amsterdam','Europe/Warsaw','Europe/Lisbon'] as zones),
  drawn as materialized (
    select n, 1 + floor(random() * 25)::int as g, 1 + floor(random() * 30)::int as f, 1 + floor(random() * 8)::int as l,
      date_trunc('milliseconds', $3::timestamptz - make_interval(days => 730) + (n - $1::int + random()) / ($2 - $1 + 1) * make_interval(days => 364)) as at
    from generate_series($1::int, $2::int) n)
  insert into users (id, created_at, updated_at, email, display_name, locale, time_zone, preferences)
  select ${uuid('at', `'user' || n`)}, at, at, 'customer' || n || '@example.com',
    given[g] || ' ' || family[f], locales[l], zones[l],
    jsonb_build_object('theme', case when n % 3 = 0 then 'dark' else 'light' end, 'newsletter', n % 2 = 0)
  from drawn, names order by at`;

/**
 * Orders, their lines and their moves in one statement, because a total is known only with the lines. Orders $1 to $2 of
 * $4 lie between a year ago and now; what has happened to each follows from its age.
 */
const growOrders = `
  with
  steps (to_status, hours) as (values
    ('PLACED', 0.02), ('CONFIRMED', 20), ('SHIPPED', 55), ('DELIVERED', 120), ('RETURNED', 300)),
  products as materialized (
    select row_number() over (order by md5(sku)) - 1 as n, id, sku, name, price_amount, currency
    from products where status <> 'DRAFT' and deleted_at is null and created_at < $3::timestamptz - make_interval(days => 365)),
  customers as materialized (
    select row_number() over (order by created_at, id) - 1 as n, id
    from users where roles @> '{customer}' and status = 'ACTIVE' and deleted_at is null
      and created_at < $3::timestamptz - make_interval(days => 365)),
  sizes as materialized (
    select (select count(*) from products) as products, (select count(*) from customers) as customers),
  staff as materialized (
    select array_agg(id order by id) as ids from users where roles && '{manager}' and deleted_at is null),
  drawn as materialized (
    select n, random() as fate, 0.5 + random() as pace, random() as customer, random() as first, random() as stride,
      ceil(power(random(), 1.6) * 6)::int as line_count, random() as remark,
      date_trunc('milliseconds', $3::timestamptz
        - (power(($4::int - n + random()) / ($4 - $5::int + 1), 1.2) * 364.9 + 0.01) * interval '1 day') as at
    from generate_series($1::int, $2::int) n),
  fated as materialized (
    select d.*, ${uuid('d.at', `'order' || d.n`)} as id, c.id as customer_id,
      case when fate < 0.035 then '{}'
        when fate < 0.05 then '{CANCELLED}'
        when fate < 0.09 then '{PLACED,CANCELLED}'
        when fate < 0.11 then '{PLACED,CONFIRMED,CANCELLED}'
        when fate < 0.15 then '{PLACED,CONFIRMED,SHIPPED,DELIVERED,RETURNED}'
        else '{PLACED,CONFIRMED,SHIPPED,DELIVERED}' end::text[] as path
    from drawn d cross join sizes join customers c on c.n = floor(power(d.customer, 1.5) * sizes.customers)::bigint),
  moves as materialized (
    select * from (
      select o.id as order_id, o.customer_id, o.path, i as number, o.path[i - 1] as before, o.path[i] as to_status,
        date_trunc('milliseconds', o.at + o.pace * coalesce(s.hours, i * 21) * interval '1 hour') as at, o.n
      from fated o cross join lateral generate_subscripts(o.path, 1) i left join steps s on s.to_status = o.path[i]) m
    where at <= $3::timestamptz),
  lines as materialized (
    select o.id as order_id, o.customer_id, position, o.n, o.at, p.id as product_id, p.sku, p.name, p.price_amount, p.currency,
      case when random() < 0.7 then 1 else 1 + floor(random() * 3)::int end as quantity
    from fated o cross join sizes s cross join lateral generate_series(1, o.line_count) position
    join products p on p.n = (floor(o.first * s.products)::bigint
      + (position - 1) * (1 + floor(o.stride * ((s.products - 1) / 5))::bigint)) % s.products),
  totals as materialized (
    select order_id, sum(price_amount * quantity)::bigint as amount, min(currency) as currency from lines group by order_id),
  happened as materialized (
    select order_id, count(*)::int as count, (array_agg(to_status order by number desc))[1] as status, max(at) as last,
      min(at) filter (where to_status = 'PLACED') as placed_at from moves group by order_id),
  new_orders as (
    insert into orders (id, created_at, updated_at, customer_id, status, total_amount, currency, note, internal_note, placed_at, history_count)
    select o.id, o.at, coalesce(h.last, o.at), o.customer_id, coalesce(h.status, 'DRAFT'), t.amount, t.currency,
      case when remark < 0.2 then 'Please ring twice; the name on the bell is another one.' end,
      case when remark > 0.9 then 'Address checked with the customer by phone.' end, h.placed_at, coalesce(h.count, 0)
    from fated o join totals t on t.order_id = o.id left join happened h on h.order_id = o.id order by o.n),
  new_lines as (
    insert into order_lines (id, order_id, customer_id, position, product_id, sku, name, unit_price_amount, currency, quantity)
    select ${uuid('at', `'line' || n || '.' || position`)}, order_id, customer_id, position, product_id, sku, name, price_amount, currency, quantity
    from lines order by n, position),
  new_history as (
    insert into order_history (id, order_id, customer_id, number, from_status, to_status, actor_id, reason, at)
    select ${uuid('at', `'move' || n || '.' || number`)}, order_id, customer_id, number, coalesce(before, 'DRAFT'), to_status,
    case when to_status = 'PLACED' or path in ('{CANCELLED}', '{PLACED,CANCELLED}') then customer_id
      else ids[1 + n % cardinality(ids)] end,
      case to_status when 'CANCELLED' then 'Changed my mind.' when 'RETURNED' then 'Not as described.' end, at
    from moves, staff order by n, number)
  insert into notifications (id, created_at, updated_at, user_id, topic, data, read_at)
  select ${uuid('at', `'told' || n || '.' || number`)}, at, coalesce(read_at, at), customer_id, 'order.' || lower(to_status),
    jsonb_build_object('orderId', order_id, 'status', to_status,
      'total', jsonb_build_object('amount', amount, 'currency', currency)), read_at
  from (select m.*, t.amount, t.currency,
          case when random() < 0.8 and at < $3::timestamptz - interval '1 day' then at + random() * interval '1 day' end as read_at
        from moves m join totals t using (order_id)
        -- Nobody is told of the end of a draft.
        where at > $3::timestamptz - make_interval(days => ${keptDays}) and (to_status <> 'CANCELLED' or before is not null)) told
  order by n, number`;

/**
 * Adds to the demo data what is missing to a size, all or nothing, and says what it added.
 * Statistics are renewed where the role owns the tables.
 */
export async function growDemo(connectionUrl: string, now: Date, size: Size = large): Promise<Size> {
  const { users, orders } = size;
  await seedDemo(connectionUrl, now);
  const client = new pg.Client({ connectionString: connectionUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    // The serving role's limits are for requests.
    await client.query(`set statement_timeout = 0; set lock_timeout = 0; set work_mem = '64MB'; set jit = off`);
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock($1)', [growLock]);
    const { rows } = await client.query<Size>(
      `select (select count(*)::int from users) as users, (select count(*)::int from orders) as orders, setseed(0.42)`,
    );
    const [before] = rows;
    if (before.users < users) await client.query(growUsers, [before.users + 1, users, now]);
    for (let from = before.orders + 1; from <= orders; from += batch) {
      const to = Math.min(from + batch - 1, orders);
      await client.query(growOrders, [from, to, now, orders, before.orders + 1]);
    }
    await client.query('commit');
    const added = { users: Math.max(0, users - before.users), orders: Math.max(0, orders - before.orders) };
    if (added.users || added.orders)
      await client.query('analyze users, orders, order_lines, order_history, notifications');
    return added;
  } finally {
    await client.end();
  }
}
