import { v7 as uuidv7 } from 'uuid';
import type { UsersWorld } from '#test/domains/users/world.js';

/** Rows that differ in what lists filter and sort by. */
const samples = {
  web: {
    name: 'Acme Shop',
    kind: 'WEB',
    auth_method: 'CLIENT_SECRET',
    redirect_uris: ['https://shop.acme.example/callback'],
    scopes: ['openid', 'users:read'],
    roles: [] as string[],
    is_disabled: true,
  },
  service: {
    name: 'Acme Invoices',
    kind: 'SERVICE',
    auth_method: 'CLIENT_SECRET',
    redirect_uris: [],
    scopes: ['api'],
    roles: ['support'],
    is_disabled: false,
  },
};
export type ClientSample = keyof typeof samples;

export interface ClientsPart {
  /** Ids of the rows: an app of the web that is disabled, and a service. */
  readonly clientRows: readonly [string, string];
  makeClient(
    sample?: ClientSample,
    fields?: { roles?: string[]; is_disabled?: boolean },
  ): Promise<{ id: string; clientId: string }>;
}
export type ClientsWorld = UsersWorld & ClientsPart;

export async function clientsWorld(w: UsersWorld): Promise<ClientsPart> {
  const { database } = w.app;
  const makeClient: ClientsPart['makeClient'] = async (sample = 'service', fields = {}) => {
    const id = uuidv7();
    const clientId = `app-${id}`;
    const row = { id, client_id: clientId, ...samples[sample], ...fields };
    const columns = Object.keys(row);
    await database.sql(
      `insert into clients (${columns.join()}) values (${columns.map((_column, i) => `$${i + 1}`).join()})`,
      Object.values(row),
    );
    return { id, clientId };
  };
  const [web, service] = [await makeClient('web'), await makeClient('service')];
  return { clientRows: [web.id, service.id], makeClient };
}
