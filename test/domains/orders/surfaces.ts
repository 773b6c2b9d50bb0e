import type { SurfaceCase, SurfaceTable } from '#libs/testing/surfaces.js';
import { nowhere } from '#test/harness/callers.js';
import { orderStatuses, type OrdersWorld } from './world.js';

const own = 'id customerId status total note internalNote placedAt createdAt updatedAt version'.split(' ');
const newId = '0197f5a0-5a4c-7c3e-9d2b-3f6f5a1b2c3d';
const desc = (field: string) => ({ field, direction: 'DESC' });
const asc = (field: string) => ({ field, direction: 'ASC' });

/** The world, with orders that differ in everything that lists filter and sort by. */
interface Rows extends OrdersWorld {
  /** A draft of Ada's without lines, and one that orders what is not for sale any more. */
  readonly emptyOrderId: string;
  readonly staleOrderId: string;
}
async function withRows(world: OrdersWorld): Promise<Rows> {
  const { database } = world.app;
  for (const [i, status] of orderStatuses.entries())
    await database.sql(
      `update orders set total_amount = $2, created_at = $3, placed_at = case when placed_at is null then null else $4::timestamptz end
       where id = $1`,
      [
        world.orderIds[status],
        500 + 100 * (i % 4),
        `2026-01-0${i + 1}T08:00:00Z`,
        `2026-02-0${(i % 3) + 1}T09:30:00.123Z`,
      ],
    );
  await database.sql(
    `update orders set created_at = '2026-03-01T00:00:00Z', placed_at = '2026-03-02T00:00:00Z' where id = $1`,
    [world.graceOrderId],
  );
  const emptyOrderId = await world.makeOrder('DRAFT');
  await database.sql('delete from order_lines where order_id = $1', [emptyOrderId]);
  const staleOrderId = await world.makeOrder('DRAFT');
  await database.sql('update order_lines set product_id = $2 where order_id = $1 and position = 2', [
    staleOrderId,
    world.draftProductId,
  ]);
  return { ...world, emptyOrderId, staleOrderId };
}

export async function orderCases(world: OrdersWorld): Promise<SurfaceTable> {
  const w = await withRows(world);
  return {
    list: own,
    document: [...own, 'lines'],
    cases: [...lists(w), ...(await pages(w)), ...reads(w), ...creates(w), ...updates(w), ...lines(w), ...moves(w)],
  };
}

// ---- Lists -------------------------------------------------------------------------------------------------------

function lists(w: Rows): SurfaceCase[] {
  const list = (
    name: string,
    query: string,
    args: Record<string, unknown>,
    rest: Partial<SurfaceCase> = {},
  ): SurfaceCase => ({
    name: `lists ${name}`,
    as: 'ada',
    outcome: 'OK',
    rest: ['GET', `/v1/orders${query && `?${query}`}`],
    graphql: ['orders', args],
    ...rest,
  });
  const refused = (name: string, query: string, args: Record<string, unknown>, outcome: string, details: string[]) =>
    list(name, query, args, { outcome, details });
  const { PLACED, DRAFT } = w.orderIds;
  const found: SurfaceCase[] = [
    list('own orders', '', {}, { rows: 9 }),
    list('other own orders', '', {}, { as: 'grace', rows: 1 }),
    list('all orders', '', {}, { as: 'support', rows: 10 }),
    list('nothing for anonymous', '', {}, { as: 'anonymous', outcome: 'UNAUTHENTICATED' }),
    list('nothing for the suspended', '', {}, { as: 'suspended', outcome: 'ACCOUNT_SUSPENDED' }),
    list('by a status', 'status=PLACED', { filter: { status: { eq: 'PLACED' } } }, { rows: 1 }),
    list('by statuses', 'status=PLACED,DRAFT', { filter: { status: { in: ['PLACED', 'DRAFT'] } } }, { rows: 4 }),
    list('by not a status', 'status[ne]=DRAFT', { filter: { status: { ne: 'DRAFT' } } }, { rows: 6 }),
    list('by ids', `id[in]=${PLACED},${nowhere}`, { filter: { id: { in: [PLACED, nowhere] } } }, { rows: 1 }),
    list(
      'by customer',
      `customerId=${w.ids.grace}`,
      { filter: { customerId: { eq: w.ids.grace } } },
      { as: 'manager', rows: 1 },
    ),
    list(
      'by a customer that the caller is not',
      `customerId=${w.ids.ada}`,
      { filter: { customerId: { eq: w.ids.ada } } },
      { as: 'grace', rows: 0 },
    ),
    list(
      'by time, in another zone',
      'placedAt[gte]=2026-02-02T10:30:00.123%2B01:00&placedAt[lt]=2026-02-03T00:00:00Z',
      { filter: { placedAt: { gte: '2026-02-02T10:30:00.123+01:00', lt: '2026-02-03T00:00:00Z' } } },
      { rows: 2 },
    ),
    list(
      'by creation',
      'createdAt[lt]=2026-01-03T00:00:00Z',
      { filter: { createdAt: { lt: '2026-01-03T00:00:00Z' } } },
      { rows: 2 },
    ),
    list(
      'by total',
      'totalAmount[gte]=600&totalAmount[lte]=700',
      { filter: { totalAmount: { gte: 600, lte: 700 } } },
      { rows: 4 },
    ),
    list(
      'by what staff may read',
      'internalNote[contains]=CANARY-internal&count=true',
      { filter: { internalNote: { contains: 'CANARY-internal' } } },
      { as: 'support', rows: 10 },
    ),
    list(
      'by what the caller may not read',
      'internalNote[contains]=canary&count=true',
      { filter: { internalNote: { contains: 'canary' } } },
      { outcome: 'FILTER_NOT_ALLOWED', details: ['internalNote NOT_ALLOWED'] },
    ),
    list(
      'by several things, sorted, counted',
      'status=PLACED,SHIPPED,RETURNED&totalAmount[gte]=600&sort=-totalAmount,placedAt&count=true',
      {
        filter: { status: { in: ['PLACED', 'SHIPPED', 'RETURNED'] }, totalAmount: { gte: 600 } },
        sort: [desc('TOTAL_AMOUNT'), asc('PLACED_AT')],
      },
      { rows: 3 },
    ),
    list('chosen fields', '', {}, { fields: ['id', 'status', 'total', 'lines.sku', 'lines.quantity'] }),
    list('chosen fields of relations', '', {}, { fields: ['id', 'lines.product.sku', 'customer.displayName'] }),
    list('customers for staff', '', {}, { as: 'support', fields: ['id', 'customer'] }),
    list('history and lines', '', {}, { as: 'support', fields: ['id', 'history', 'lines'] }),
    list('what was counted only', 'count=true&limit=1', { first: 1 }, { as: 'admin', rows: 1 }),
    list('nothing that matches', 'totalAmount[gte]=99999', { filter: { totalAmount: { gte: 99999 } } }, { rows: 0 }),
    list(
      'an unknown filter',
      'color=red',
      { filter: { color: { eq: 'red' } } },
      {
        outcome: 'FILTER_NOT_ALLOWED',
        refusedBySchema: true,
      },
    ),
    list(
      'an operator that is not declared',
      'status[contains]=PLA',
      { filter: { status: { contains: 'PLA' } } },
      {
        outcome: 'FILTER_NOT_ALLOWED',
        refusedBySchema: true,
      },
    ),
    list(
      'an unknown sort key',
      'sort=-note',
      { sort: [desc('NOTE')] },
      {
        outcome: 'SORT_NOT_ALLOWED',
        refusedBySchema: true,
      },
    ),
    list('an unknown field', '', {}, { fields: ['id', 'secret'], outcome: 'FIELD_UNKNOWN', refusedBySchema: true }),
    refused(
      'with a sort key twice',
      'sort=placedAt,-placedAt',
      { sort: [asc('PLACED_AT'), desc('PLACED_AT')] },
      'SORT_NOT_ALLOWED',
      ['sort NOT_ALLOWED'],
    ),
    refused('of no rows', 'limit=0', { first: 0 }, 'VALIDATION_FAILED', ['limit MIN']),
    refused('of too many rows', 'limit=101', { first: 101 }, 'VALIDATION_FAILED', ['limit MAX']),
    refused('with a limit that is no number', 'limit=ten', { first: 'ten' }, 'VALIDATION_FAILED', ['limit TYPE']),
    refused('after nonsense', 'after=nonsense', { after: 'nonsense' }, 'CURSOR_INVALID', []),
    refused(
      'by a status that does not exist',
      'status=LOST',
      { filter: { status: { eq: 'LOST' } } },
      'VALIDATION_FAILED',
      ['status ENUM'],
    ),
    refused(
      'by statuses, one of which does not exist',
      'status=PLACED,LOST',
      { filter: { status: { in: ['PLACED', 'LOST'] } } },
      'VALIDATION_FAILED',
      ['status ENUM'],
    ),
    refused('by an id that is none', 'id[in]=12', { filter: { id: { in: ['12'] } } }, 'VALIDATION_FAILED', [
      'id FORMAT',
    ]),
    refused(
      'by a time that is none',
      'placedAt[gte]=2026-02-31T00:00:00Z',
      { filter: { placedAt: { gte: '2026-02-31T00:00:00Z' } } },
      'VALIDATION_FAILED',
      ['placedAt FORMAT'],
    ),
    refused(
      'by a total that is none',
      'totalAmount[gte]=1.5',
      { filter: { totalAmount: { gte: 1.5 } } },
      'VALIDATION_FAILED',
      ['totalAmount TYPE'],
    ),
    refused(
      'by too many ids',
      `id[in]=${Array(101).fill(DRAFT).join()}`,
      { filter: { id: { in: Array(101).fill(DRAFT) } } },
      'VALIDATION_FAILED',
      ['id MAX_ITEMS'],
    ),
  ];
  for (const [rest, graphql] of [
    ['createdAt', 'CREATED_AT'],
    ['placedAt', 'PLACED_AT'],
    ['totalAmount', 'TOTAL_AMOUNT'],
    ['id', 'ID'],
  ]) {
    found.push(list(`by ${rest} ascending`, `sort=${rest}`, { sort: [asc(graphql)] }, { rows: 9 }));
    found.push(list(`by ${rest} descending`, `sort=-${rest}`, { sort: [desc(graphql)] }, { rows: 9 }));
  }
  return found;
}
/** Pages by the cursors that REST gave; both have to understand and to make the same ones. */
async function pages(w: Rows): Promise<SurfaceCase[]> {
  const cases: SurfaceCase[] = [];
  for (const [rest, graphql] of [
    ['-totalAmount', [desc('TOTAL_AMOUNT')]],
    ['placedAt', [asc('PLACED_AT')]],
    ['-placedAt,totalAmount', [desc('PLACED_AT'), asc('TOTAL_AMOUNT')]],
  ] as const) {
    let after: string | null = null;
    for (let page = 1; page <= 3; page++) {
      const path: string = `/v1/orders?limit=4&sort=${rest}${after ? `&after=${after}` : ''}`;
      cases.push({
        name: `page ${page} by ${rest}`,
        as: 'ada',
        outcome: 'OK',
        rest: ['GET', path],
        graphql: ['orders', { first: 4, sort: graphql, ...(after && { after }) }],
        rows: page === 3 ? 1 : 4,
      });
      after = (await w.clients.ada.get<{ page: { next: string | null } }>(path)).body.page?.next ?? null;
    }
  }
  const [, { rest, graphql }] = cases;
  cases.push({
    name: 'a page after a cursor of another sort',
    as: 'ada',
    outcome: 'CURSOR_INVALID',
    rest: ['GET', rest[1].replace('sort=-totalAmount', 'sort=totalAmount')],
    graphql: ['orders', { ...graphql[1], sort: [asc('TOTAL_AMOUNT')] }],
  });
  return cases;
}

// ---- One order ---------------------------------------------------------------------------------------------------

function reads(w: Rows): SurfaceCase[] {
  const read = (name: string, id: string, rest: Partial<SurfaceCase> = {}): SurfaceCase => ({
    name: `reads ${name}`,
    as: 'ada',
    outcome: 'OK',
    rest: ['GET', `/v1/orders/${id}`],
    graphql: ['order', { id }],
    ...rest,
  });
  const { PLACED, RETURNED, DRAFT } = w.orderIds;
  return [
    read('an own order', PLACED, { shows: { status: 'PLACED', id: PLACED } }),
    read('a draft', DRAFT, { shows: { placedAt: null } }),
    read('an order without lines', w.emptyOrderId, { shows: { lines: [] } }),
    read('any order as support', RETURNED, { as: 'support' }),
    read('any order as manager', RETURNED, { as: 'manager' }),
    read('any order as admin', RETURNED, { as: 'admin' }),
    read('an id in capitals', PLACED.toUpperCase(), { shows: { id: PLACED } }),
    read('somebody else’s order', PLACED, { as: 'grace', outcome: 'ORDER_NOT_FOUND' }),
    read('what there is not', nowhere, { outcome: 'ORDER_NOT_FOUND' }),
    read('what is no id', 'first', { outcome: 'ORDER_NOT_FOUND' }),
    read('nothing without a token', PLACED, { as: 'anonymous', outcome: 'UNAUTHENTICATED' }),
    read('nothing while suspended', PLACED, { as: 'suspended', outcome: 'ACCOUNT_SUSPENDED' }),
    read('some fields', PLACED, { fields: ['status', 'total', 'internalNote'] }),
    read('fields of relations', PLACED, { fields: ['id', 'lines.name', 'lines.product.stock', 'customer.email'] }),
    read('its history', PLACED, { as: 'support', fields: ['id', 'history', 'customer'] }),
    read('both of its lists', PLACED, { fields: ['history', 'lines'] }),
    read('a line whose product is not for sale', w.staleOrderId, { fields: ['lines.sku', 'lines.product.sku'] }),
    read('that line as staff', w.staleOrderId, { as: 'manager', fields: ['lines.sku', 'lines.product.status'] }),
    read('a field that there is not', PLACED, {
      fields: ['id', 'lines.secret'],
      outcome: 'FIELD_UNKNOWN',
      refusedBySchema: true,
    }),
  ];
}

// ---- Commands ----------------------------------------------------------------------------------------------------

function creates(w: Rows): SurfaceCase[] {
  const [first, second, third] = w.productIds;
  const line = (productId: unknown, quantity: unknown = 1) => ({ productId, quantity });
  const create = (name: string, input: unknown, rest: Partial<SurfaceCase> = {}): SurfaceCase => ({
    name: `creates ${name}`,
    as: 'ada',
    outcome: 'OK',
    rest: ['POST', '/v1/orders', input],
    graphql: ['createOrder', { input }],
    ...rest,
  });
  const invalid = (name: string, input: unknown, ...details: string[]) =>
    create(`nothing: ${name}`, input, { outcome: 'VALIDATION_FAILED', details });
  return [
    create('a draft', { lines: [line(first, 2), line(third)] }, { shows: { status: 'DRAFT', placedAt: null } }),
    create('a draft with an id of the client', { id: newId, lines: [line(second)] }, { shows: { id: newId } }),
    create('a draft with a note', { lines: [line(first)], note: 'Ring twice, “please” 🛎' }),
    create('a draft with an empty note', { lines: [line(first)], note: null }, { shows: { note: null } }),
    create('a placed order', { lines: [line(second, 10)], place: true }, { shows: { status: 'PLACED' } }),
    create('an order with its history', { lines: [line(first)], place: true }, { fields: ['status', 'history'] }),
    create('one as staff', { lines: [line(first)] }, { as: 'support', shows: { customerId: w.ids.support } }),
    create(
      'nothing without stock',
      { lines: [line(first), line(second, 11)], place: true },
      {
        outcome: 'OUT_OF_STOCK',
        details: ['lines.1.quantity MAX'],
      },
    ),
    create(
      'nothing of what is not for sale',
      { lines: [line(w.draftProductId)] },
      {
        outcome: 'PRODUCT_NOT_FOR_SALE',
        details: ['lines.0.productId NOT_FOUND'],
      },
    ),
    create(
      'nothing of what there is not',
      { lines: [line(first), line(nowhere)], place: true },
      {
        outcome: 'PRODUCT_NOT_FOR_SALE',
        details: ['lines.1.productId NOT_FOUND'],
      },
    ),
    create(
      'nothing in two currencies',
      { lines: [line(first), line(w.dollarProductId)] },
      {
        outcome: 'ORDER_MIXED_CURRENCIES',
      },
    ),
    create(
      'nothing under an id that is taken',
      { id: w.orderIds.PLACED, lines: [line(first)] },
      { outcome: 'CONFLICT' },
    ),
    create(
      'nothing under an id that another took',
      { id: w.graceOrderId, lines: [line(first)] },
      { outcome: 'CONFLICT' },
    ),
    create('nothing for anonymous', { lines: [line(first)] }, { as: 'anonymous', outcome: 'UNAUTHENTICATED' }),
    create('nothing for the suspended', { lines: [line(first)] }, { as: 'suspended', outcome: 'ACCOUNT_SUSPENDED' }),
    invalid('a product twice', { lines: [line(first), line(first.toUpperCase())] }, 'lines.1.productId NOT_UNIQUE'),
    invalid('no lines', {}, 'lines REQUIRED'),
    invalid('an empty list of lines', { lines: [] }, 'lines MIN_ITEMS'),
    invalid('too many lines', { lines: Array(101).fill(line(first)) }, 'lines MAX_ITEMS'),
    invalid('lines that are no list', { lines: 'none' }, 'lines TYPE'),
    invalid('lines that are null', { lines: null }, 'lines NULL_NOT_ALLOWED'),
    invalid('no pieces', { lines: [line(first, 0)] }, 'lines.0.quantity MIN'),
    invalid('too many pieces', { lines: [line(first, 1001)] }, 'lines.0.quantity MAX'),
    invalid('half a piece', { lines: [line(first, 1.5)] }, 'lines.0.quantity TYPE'),
    invalid('pieces as text', { lines: [line(first, '2')] }, 'lines.0.quantity TYPE'),
    invalid('pieces beyond 32 bits', { lines: [line(first, 4294967296)] }, 'lines.0.quantity MAX'),
    invalid('an id that is no text', { lines: [line(true)] }, 'lines.0.productId TYPE'),
    invalid(
      'an id that is none',
      { lines: [line('012345678901234567890123456789012345')] },
      'lines.0.productId FORMAT',
    ),
    invalid('a note that is too long', { lines: [line(first)], note: 'x'.repeat(1001) }, 'note MAX_LENGTH'),
    invalid('a note that PostgreSQL cannot hold', { lines: [line(first)], note: 'a\u0000b' }, 'note FORMAT'),
    invalid('a flag as text', { lines: [line(first)], place: 'yes' }, 'place TYPE'),
    invalid(
      'unknown fields',
      { lines: [{ ...line(first), price: 1 }], status: 'PLACED' },
      'lines.0.price UNKNOWN_FIELD',
      'status UNKNOWN_FIELD',
    ),
    invalid(
      'many mistakes at once',
      { id: 5, lines: [line('x', 0), { quantity: 1.5, color: 'red' }], note: 7 },
      'id TYPE',
      'lines.0.productId FORMAT',
      'lines.0.productId MIN_LENGTH',
      'lines.0.quantity MIN',
      'lines.1.color UNKNOWN_FIELD',
      'lines.1.productId REQUIRED',
      'lines.1.quantity TYPE',
      'note TYPE',
    ),
  ];
}
function updates(w: Rows): SurfaceCase[] {
  const update = (name: string, id: string, input: unknown, rest: Partial<SurfaceCase> = {}): SurfaceCase => ({
    name: `updates ${name}`,
    as: 'ada',
    outcome: 'OK',
    rest: ['PATCH', `/v1/orders/${id}`, input],
    graphql: ['updateOrder', { id, input }],
    ...rest,
  });
  const { DRAFT, PLACED } = w.orderIds;
  const note = { note: 'New' };
  return [
    update('the note of a draft', DRAFT, note, { shows: { note: 'New', version: 2 } }),
    update('the note away', DRAFT, { note: null }, { shows: { note: null } }),
    update('nothing with nothing', DRAFT, {}, { shows: { version: 1 } }),
    update(
      'the note among the staff',
      PLACED,
      { internalNote: 'Called' },
      { as: 'support', shows: { internalNote: 'Called' } },
    ),
    update('both notes as admin', DRAFT, { note: 'A', internalNote: 'B' }, { as: 'admin', shows: { note: 'A' } }),
    update('with a selection', DRAFT, note, { fields: ['note', 'lines.sku'] }),
    update('on the right version', DRAFT, note, { ifMatch: '"1.abc"', shows: { version: 2 } }),
    update('on the right version without a shape', DRAFT, note, { ifMatch: '"1"' }),
    update('on one of some versions', DRAFT, note, { ifMatch: '"7.a", W/"1.b"' }),
    update('on any version', DRAFT, note, { ifMatch: '*' }),
    update('nothing on an old version', DRAFT, note, { ifMatch: '"7.abc"', outcome: 'PRECONDITION_FAILED' }),
    update('nothing on what is no tag', DRAFT, note, {
      ifMatch: 'seven',
      outcome: 'VALIDATION_FAILED',
      details: ['ifMatch FORMAT'],
    }),
    update('nothing of a placed order', PLACED, note, { outcome: 'ORDER_NOT_DRAFT' }),
    update('nothing of a placed order on an old version', PLACED, note, {
      ifMatch: '"7.a"',
      outcome: 'PRECONDITION_FAILED',
    }),
    update('no internal note as the customer', DRAFT, { internalNote: 'x' }, { outcome: 'FIELD_FORBIDDEN' }),
    update('no note as support', DRAFT, note, { as: 'support', outcome: 'FIELD_FORBIDDEN' }),
    update('nothing of another’s', DRAFT, note, { as: 'grace', outcome: 'ORDER_NOT_FOUND' }),
    update('nothing of what there is not', nowhere, note, { outcome: 'ORDER_NOT_FOUND' }),
    update('nothing by what is no id', '12', note, { outcome: 'ORDER_NOT_FOUND' }),
    update('nothing as anonymous', DRAFT, note, { as: 'anonymous', outcome: 'UNAUTHENTICATED' }),
    update('nothing while suspended', DRAFT, note, { as: 'suspended', outcome: 'ACCOUNT_SUSPENDED' }),
    update(
      'no unknown field',
      DRAFT,
      { status: 'PLACED', version: 9, note: 'x' },
      {
        outcome: 'VALIDATION_FAILED',
        details: ['status UNKNOWN_FIELD', 'version UNKNOWN_FIELD'],
      },
    ),
    update('no note that is a number', DRAFT, { note: 5 }, { outcome: 'VALIDATION_FAILED', details: ['note TYPE'] }),
  ];
}
function lines(w: Rows): SurfaceCase[] {
  const { DRAFT, PLACED } = w.orderIds;
  const [first, second, third] = w.productIds;
  const set = (
    name: string,
    id: string,
    productId: string,
    input: unknown,
    rest: Partial<SurfaceCase> = {},
  ): SurfaceCase => ({
    name: `sets ${name}`,
    as: 'ada',
    outcome: 'OK',
    rest: ['PUT', `/v1/orders/${id}/lines/${productId}`, input],
    graphql: ['setOrderLine', { id, productId, input }],
    ...rest,
  });
  const remove = (name: string, id: string, productId: string, rest: Partial<SurfaceCase> = {}): SurfaceCase => ({
    name: `removes ${name}`,
    as: 'ada',
    outcome: 'OK',
    rest: ['DELETE', `/v1/orders/${id}/lines/${productId}`],
    graphql: ['removeOrderLine', { id, productId }],
    ...rest,
  });
  const two = { quantity: 2 };
  return [
    set('a new line', DRAFT, third, two, { shows: { version: 2, total: { amount: 1100, currency: 'EUR' } } }),
    set('the quantity of a line', DRAFT, first, { quantity: 7 }, { shows: { version: 2 } }),
    set('the first line', w.emptyOrderId, second, two),
    set('more pieces than there are', DRAFT, first, { quantity: 1000 }),
    set('a line on the right version', DRAFT, first, two, { ifMatch: '"1.x"' }),
    set('nothing on an old version', DRAFT, first, two, { ifMatch: '"5.x"', outcome: 'PRECONDITION_FAILED' }),
    set('no line of a placed order', PLACED, first, two, { outcome: 'ORDER_NOT_DRAFT' }),
    set('no line of what is not for sale', DRAFT, w.draftProductId, two, { outcome: 'PRODUCT_NOT_FOR_SALE' }),
    set('no line of what is no id', DRAFT, 'milk', two, { outcome: 'PRODUCT_NOT_FOR_SALE' }),
    set('no line in another currency', DRAFT, w.dollarProductId, two, { outcome: 'ORDER_MIXED_CURRENCIES' }),
    set('no line as support', DRAFT, first, two, { as: 'support', outcome: 'FORBIDDEN' }),
    set('no line of another’s', DRAFT, first, two, { as: 'grace', outcome: 'ORDER_NOT_FOUND' }),
    set('no line as anonymous', DRAFT, first, two, { as: 'anonymous', outcome: 'UNAUTHENTICATED' }),
    set('no line without pieces', DRAFT, first, {}, { outcome: 'VALIDATION_FAILED', details: ['quantity REQUIRED'] }),
    set(
      'no line of no pieces',
      DRAFT,
      first,
      { quantity: 0 },
      { outcome: 'VALIDATION_FAILED', details: ['quantity MIN'] },
    ),
    set(
      'no price',
      DRAFT,
      first,
      { ...two, unitPrice: 1 },
      {
        outcome: 'VALIDATION_FAILED',
        details: ['unitPrice UNKNOWN_FIELD'],
      },
    ),
    remove('a line', DRAFT, second, { shows: { version: 2, total: { amount: 100, currency: 'EUR' } } }),
    remove('a line that is not for sale', w.staleOrderId, w.draftProductId, { shows: { version: 2 } }),
    remove('a line on the right version', DRAFT, second, { ifMatch: '"1"' }),
    remove('nothing on an old version', DRAFT, second, { ifMatch: '"2"', outcome: 'PRECONDITION_FAILED' }),
    remove('nothing that is not in it', DRAFT, third, { outcome: 'ORDER_LINE_NOT_FOUND' }),
    remove('nothing by what is no id', DRAFT, 'milk', { outcome: 'ORDER_LINE_NOT_FOUND' }),
    remove('nothing of a placed order', PLACED, first, { outcome: 'ORDER_NOT_DRAFT' }),
    remove('nothing as manager', DRAFT, first, { as: 'manager', outcome: 'FORBIDDEN' }),
    remove('nothing of another’s', DRAFT, first, { as: 'grace', outcome: 'ORDER_NOT_FOUND' }),
    remove('nothing while suspended', DRAFT, first, { as: 'suspended', outcome: 'ACCOUNT_SUSPENDED' }),
  ];
}
function moves(w: Rows): SurfaceCase[] {
  const o = w.orderIds;
  const move = (
    verb: string,
    id: string,
    as: string,
    rest: Partial<SurfaceCase> = {},
    input?: unknown,
  ): SurfaceCase => ({
    name: `${verb}: ${rest.outcome ?? (rest.shows?.status as string)}`,
    as,
    outcome: 'OK',
    rest: ['POST', `/v1/orders/${id}/${verb}`, input],
    graphql: [`${verb}Order`, { id, ...(input !== undefined && { input }) }],
    ...rest,
  });
  const reason = { reason: 'Because' };
  const cases = [
    move('place', o.DRAFT, 'ada', { shows: { status: 'PLACED' } }),
    move(
      'place',
      o.DRAFT,
      'admin',
      { shows: { status: 'PLACED' }, fields: ['status', 'history', 'lines.product.stock'] },
      reason,
    ),
    move('confirm', o.PLACED, 'support', { shows: { status: 'CONFIRMED' }, fields: ['status', 'history'] }, reason),
    move('ship', o.CONFIRMED, 'manager', { shows: { status: 'SHIPPED' } }, {}),
    move('deliver', o.SHIPPED, 'support', { shows: { status: 'DELIVERED' }, ifMatch: '"1.x"' }),
    move(
      'cancel',
      o.PLACED,
      'ada',
      { shows: { status: 'CANCELLED' }, fields: ['status', 'lines.product.stock'] },
      reason,
    ),
    move('cancel', o.CONFIRMED, 'manager', { shows: { status: 'CANCELLED' } }),
    move(
      'return',
      o.DELIVERED,
      'support',
      { shows: { status: 'RETURNED' }, fields: ['status', 'lines.product.stock'] },
      { restock: true },
    ),
    move(
      'return',
      o.DELIVERED,
      'manager',
      { shows: { status: 'RETURNED' }, fields: ['status', 'lines.product.stock'] },
      reason,
    ),
    move('place', w.emptyOrderId, 'ada', { outcome: 'ORDER_EMPTY' }),
    move('place', w.staleOrderId, 'ada', { outcome: 'PRODUCT_NOT_FOR_SALE', details: ['lines.1.productId NOT_FOUND'] }),
    move('place', o.DRAFT, 'ada', {
      name: 'place: nothing without stock',
      outcome: 'OUT_OF_STOCK',
      details: ['lines.0.quantity MAX', 'lines.1.quantity MAX'],
      prepare: () => w.app.database.sql('update products set stock = 0'),
    }),
    move('place', o.PLACED, 'ada', { outcome: 'ORDER_MOVE_NOT_POSSIBLE' }),
    move('place', o.DRAFT, 'support', { outcome: 'FORBIDDEN' }),
    move('place', o.DRAFT, 'grace', { outcome: 'ORDER_NOT_FOUND' }),
    move('place', o.DRAFT, 'ada', { outcome: 'PRECONDITION_FAILED', ifMatch: '"9.x"' }),
    move('confirm', o.CONFIRMED, 'support', { outcome: 'ORDER_MOVE_NOT_POSSIBLE' }),
    move('confirm', o.PLACED, 'ada', { outcome: 'FORBIDDEN' }),
    move('ship', o.CONFIRMED, 'support', { outcome: 'FORBIDDEN' }),
    move('ship', o.DRAFT, 'manager', { outcome: 'ORDER_MOVE_NOT_POSSIBLE' }),
    move('deliver', nowhere, 'support', { outcome: 'ORDER_NOT_FOUND' }),
    move('deliver', 'it', 'support', { outcome: 'ORDER_NOT_FOUND', name: 'deliver: what is no id' }),
    move('cancel', o.CONFIRMED, 'ada', { outcome: 'FORBIDDEN' }),
    move('cancel', o.SHIPPED, 'ada', { outcome: 'ORDER_MOVE_NOT_POSSIBLE' }),
    move('return', o.RETURNED, 'admin', { outcome: 'ORDER_MOVE_NOT_POSSIBLE' }),
    move('return', o.DELIVERED, 'support', { outcome: 'VALIDATION_FAILED', details: ['restock TYPE'] }, { restock: 1 }),
    move(
      'cancel',
      o.PLACED,
      'ada',
      { outcome: 'VALIDATION_FAILED', details: ['reason MAX_LENGTH'] },
      { reason: 'x'.repeat(501) },
    ),
    move(
      'cancel',
      o.PLACED,
      'ada',
      { name: 'cancel: unknown field', outcome: 'VALIDATION_FAILED', details: ['restock UNKNOWN_FIELD'] },
      { restock: true },
    ),
  ];
  for (const verb of ['place', 'confirm', 'ship', 'deliver', 'cancel', 'return']) {
    cases.push(move(verb, o.DRAFT, 'anonymous', { outcome: 'UNAUTHENTICATED' }));
    cases.push(move(verb, o.DRAFT, 'suspended', { outcome: 'ACCOUNT_SUSPENDED' }));
  }
  return cases;
}
