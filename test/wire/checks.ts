import type { OrdersWorld } from '#test/domains/orders/world.js';

/** What a reader with the tags of two copies of an order hears after the customer's name, which one of them shows, changed. */
export async function afterRenamingTheCustomer(world: OrdersWorld): Promise<{ without: number; showing: number }> {
  const { ada } = world.clients;
  const without = `/v1/orders/${world.orderIds.SHIPPED}`;
  const showing = `${without}?fields=id,customer.displayName`;
  const tags = await Promise.all([without, showing].map(async (path) => (await ada.get(path)).headers.get('etag')!));
  await ada.patch('/v1/users/me', { displayName: 'Another name' });
  const status = async (path: string, tag: string) => (await ada.get(path, { 'if-none-match': tag })).status;
  return { without: await status(without, tags[0]), showing: await status(showing, tags[1]) };
}

/** So that `page(1)` is for everybody, 10 for accounts, 40 for staff, 90 for managers and 100 for nobody. */
export const limitsByRole = JSON.stringify({
  default: { cost: 300 },
  anonymous: { cost: 20 },
  roles: { customer: { cost: 100 }, support: { cost: 200 } },
});
export const page = (first: number) => `{ products(first: ${first}) { nodes { id name } } }`;

export const operations = `query one($id: ID!) { order(id: $id) { id } }
  query all($first: Int!) { orders(first: $first) { nodes { status } } }
  mutation change($order: ID!, $input: UpdateOrderInput!) { updateOrder(id: $order, input: $input) { note } }`;

/** The operations of one document, asked again and again in turn: which of them were not answered as what they are. */
export async function confusedOperations(world: OrdersWorld, rounds: number): Promise<string[]> {
  const id = world.orderIds.DRAFT;
  const confused: string[] = [];
  const ask = async (operationName: string, variables: object, field: string) => {
    const { text, body } = await world.clients.ada.post('/graphql', { query: operations, operationName, variables });
    if (Object.keys((body.data as object | null) ?? {}).join() !== field) confused.push(`${operationName}: ${text}`);
  };
  for (let round = 0; round < rounds; round++) {
    await ask('one', { id }, 'order');
    await ask('all', { first: 2 }, 'orders');
    await ask('change', { order: id, input: { note: `round ${round}` } }, 'updateOrder');
  }
  return confused;
}
