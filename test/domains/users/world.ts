import { v7 as uuidv7 } from 'uuid';
import { apiScopes } from '#libs/authz/scopes.js';
import { TestClient } from '#libs/testing/clients.js';
import { accountNames, staff, type AccountName, type CallerName, type TokenCaller } from '#test/harness/callers.js';
import type { Ground } from '#test/harness/domain-tests.js';

/** The callers and their accounts, with a canary in every private field. */
export interface UsersPart {
  readonly clients: Readonly<Record<CallerName | TokenCaller, TestClient>>;
  /** Account ids; anonymous has none. */
  readonly ids: Readonly<Record<AccountName, string>>;
  makeUser(fields?: { roles?: string[]; status?: string; displayName?: string }): Promise<string>;
}
export type UsersWorld = Ground & UsersPart;

export async function usersWorld({ app, external }: Ground): Promise<UsersPart> {
  const { database, sniffer } = app;
  const ids = Object.fromEntries(accountNames.map((name) => [name, uuidv7()])) as UsersPart['ids'];
  for (const name of accountNames) {
    const self = [name, ...staff];
    await database.sql(
      `insert into users (id, email, display_name, status, suspension_reason, locale, time_zone, roles, preferences)
       values ($1, $2, $3, $4, $5, 'en', 'UTC', $6, $7)`,
      [
        ids[name],
        `${sniffer.plant(`email-${name}`, self)}@tandem.example`,
        `Name of ${name} ${sniffer.plant(`name-${name}`, self)}`,
        name === 'suspended' ? 'SUSPENDED' : 'ACTIVE',
        sniffer.plant(`suspension-${name}`, staff),
        staff.includes(name) ? ['customer', name] : ['customer'],
        JSON.stringify({ secret: sniffer.plant(`preferences-${name}`, [name, 'admin']) }),
      ],
    );
  }
  const makeUser: UsersPart['makeUser'] = async (fields = {}) => {
    const id = uuidv7();
    await database.sql(`insert into users (id, email, display_name, status, roles) values ($1, $2, $3, $4, $5)`, [
      id,
      `user-${id}@tandem.example`,
      fields.displayName ?? 'Somebody',
      fields.status ?? 'ACTIVE',
      fields.roles ?? ['customer'],
    ]);
    return id;
  };
  const clients = { anonymous: app.anonymous } as Record<CallerName | TokenCaller, TestClient>;
  for (const name of accountNames) clients[name] = await app.as(name, ids[name]);
  // By the name of whoever may see as much.
  const by = async (name: CallerName, sub: string, claims: Record<string, unknown>) =>
    new TestClient(app.url, name, await app.issuer.token(sub, claims), sniffer);
  const reads = apiScopes().filter((scope) => scope.access === 'read');
  clients.reading = await by('admin', ids.admin, { scope: reads.map((scope) => scope.name).join(' ') });
  clients.unscoped = await by('anonymous', ids.admin, { scope: 'openid profile' });
  clients.acting = await by('ada', ids.ada, { act: { sub: ids.support } });
  const serviceId = `service-${uuidv7().slice(0, 8)}`;
  await database.sql(
    `insert into clients (id, client_id, name, kind, auth_method, roles) values ($1, $2, 'A service', 'SERVICE', 'CLIENT_SECRET', '{support}')`,
    [uuidv7(), serviceId],
  );
  clients.service = await by('support', serviceId, { client_id: serviceId });
  // An account that owns nothing and has no role of the staff by itself.
  const subject = `external-${uuidv7()}`;
  await database.sql('insert into identities (id, user_id, issuer, subject) values ($1, $2, $3, $4)', [
    uuidv7(),
    await makeUser(),
    external.url,
    subject,
  ]);
  const hour = Math.floor(Date.now() / 1000) + 3600;
  const token = await external.token(subject, { groups: ['helpers'], exp: hour });
  clients.external = new TestClient(app.url, 'support', token, sniffer);
  return { clients, ids, makeUser };
}
