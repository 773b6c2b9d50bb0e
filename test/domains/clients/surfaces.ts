import { AccessState } from '#libs/authn/access-state.js';
import type { SurfaceCase, SurfaceTable } from '#libs/testing/surfaces.js';
import { nowhere } from '#test/harness/callers.js';
import type { ClientsWorld } from './world.js';

const jwks = {
  keys: [
    {
      kty: 'EC',
      crv: 'P-256',
      kid: '1',
      x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
      y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
    },
  ],
};
const newId = '0197f5a0-5a4c-7c3e-9d2b-3f6f5a1b2c3d';
const ofClient =
  'id clientId name kind authMethod isFirstParty isDisabled redirectUris postLogoutRedirectUris backchannelLogoutUri scopes roles contacts jwks createdAt updatedAt version'.split(
    ' ',
  );
type Rest = Partial<SurfaceCase>;
const failed = (...details: string[]): Rest => ({ outcome: 'VALIDATION_FAILED', details });

export function clientCases(w: ClientsWorld): Readonly<Record<'clients' | 'clientSecrets', SurfaceTable>> {
  const [web, service] = w.clientRows;
  const both = w.clientRows.join();
  const list = (name: string, query: string, args: Record<string, unknown>, rest: Rest = {}): SurfaceCase => ({
    name: `lists ${name}`,
    as: 'admin',
    outcome: 'OK',
    rest: ['GET', `/v1/clients?id[in]=${both}${query && `&${query}`}`],
    graphql: ['clients', { ...args, filter: { id: { in: w.clientRows }, ...(args.filter as object) } }],
    ...rest,
  });
  const read = (name: string, id: string, rest: Rest = {}): SurfaceCase => ({
    name: `reads ${name}`,
    as: 'admin',
    outcome: 'OK',
    rest: ['GET', `/v1/clients/${id}`],
    graphql: ['client', { id }],
    ...rest,
  });
  const create = (name: string, input: unknown, rest: Rest = {}): SurfaceCase => ({
    name: `registers ${name}`,
    as: 'admin',
    outcome: 'OK',
    rest: ['POST', '/v1/clients', input],
    graphql: ['createClient', { input }],
    ...rest,
  });
  const update = (name: string, id: string, input: unknown, rest: Rest = {}): SurfaceCase => ({
    name: `updates ${name}`,
    as: 'admin',
    outcome: 'OK',
    rest: ['PATCH', `/v1/clients/${id}`, input],
    graphql: ['updateClient', { id, input }],
    ...rest,
  });
  const command = (verb: string, id: string, rest: Rest = {}): SurfaceCase => ({
    name: `${verb}s one${rest.as ? ` as ${rest.as}` : ''}${rest.outcome ? `: ${rest.outcome}` : ''}`,
    as: 'admin',
    outcome: 'OK',
    rest: ['POST', `/v1/clients/${id}/${verb}`],
    graphql: [`${verb}Client`, { id }],
    ...rest,
  });
  const remove = (name: string, id: string, rest: Rest = {}): SurfaceCase => ({
    name: `deletes ${name}`,
    as: 'admin',
    outcome: 'OK',
    rest: ['DELETE', `/v1/clients/${id}`],
    graphql: ['deleteClient', { id }],
    ...rest,
  });
  const rotate = (name: string, id: string, input: unknown, rest: Rest = {}): SurfaceCase => ({
    name: `makes ${name}`,
    as: 'admin',
    outcome: 'OK',
    rest: ['POST', `/v1/clients/${id}/rotate-secret`, input],
    graphql: ['rotateClientSecret', { id, ...(input !== undefined && { input }) }],
    ...rest,
  });
  // Support may manage clients, and the service may more than support.
  const asKeeper: Rest = {
    as: 'support',
    prepare: async () => {
      await w.app.database.sql(
        `insert into roles (id, name, description, rules)
         values ('0197f5a0-0000-7000-8000-00000000c11e', 'keeper', 'Made for tests', '[{"action":["manage"],"subject":"Client"}]')`,
      );
      await w.app.database.sql(`update users set roles = '{customer,keeper}' where id = $1`, [w.ids.support]);
      await w.app.database.sql(`update clients set roles = '{customer,admin}' where id = $1`, [service]);
      await w.app.app.get(AccessState).refresh();
    },
  };
  const beyond: Rest = { ...asKeeper, outcome: 'BEYOND_OWN_RIGHTS', details: ['roles.1 BEYOND_OWN'] };
  const noSecrets = () => w.app.database.sql(`update clients set auth_method = 'NONE' where id = $1`, [web]);
  const app = { name: 'Acme', kind: 'NATIVE', redirectUris: ['com.acme.app:/callback', 'http://127.0.0.1/callback'] };
  const everything = {
    clientId: 'acme-shop',
    name: 'Acme Shop',
    kind: 'WEB',
    authMethod: 'CLIENT_SECRET',
    redirectUris: ['https://shop.acme.example/a', 'https://shop.acme.example/b'],
    postLogoutRedirectUris: ['https://shop.acme.example/'],
    backchannelLogoutUri: 'https://shop.acme.example/logout',
    scopes: ['openid', 'offline_access', 'users:read'],
    contacts: ['dev@acme.example'],
  };
  const clients: SurfaceTable = {
    list: ofClient,
    document: ofClient,
    cases: [
      list('all, counted', 'count=true', {}, { rows: 2 }),
      list('none for managers', '', {}, { as: 'manager', outcome: 'FORBIDDEN' }),
      list('none for anonymous', '', {}, { as: 'anonymous', outcome: 'UNAUTHENTICATED' }),
      list('by name', 'name[contains]=invoices', { filter: { name: { contains: 'invoices' } } }, { rows: 1 }),
      list('by kind', 'kind=WEB', { filter: { kind: { eq: 'WEB' } } }, { rows: 1 }),
      list('disabled ones', 'isDisabled=true', { filter: { isDisabled: { eq: true } } }, { rows: 1 }),
      list('sorted by name', 'sort=name&limit=1', { sort: [{ field: 'NAME' }], first: 1 }, { rows: 1 }),
      list(
        'not by secrets',
        'secrets=x',
        { filter: { id: { in: [] }, secrets: { eq: 'x' } } },
        { outcome: 'FILTER_NOT_ALLOWED', refusedBySchema: true },
      ),
      read('one', web, { shows: { kind: 'WEB', isFirstParty: false, jwks: null } }),
      read('some fields', service, { fields: ['clientId', 'roles', 'scopes'] }),
      read('what there is not', nowhere, { outcome: 'CLIENT_NOT_FOUND' }),
      read('what is no id', 'web', { outcome: 'CLIENT_NOT_FOUND' }),
      read('none as support', web, { as: 'support', outcome: 'FORBIDDEN' }),
      create('an app', app, { fields: ['kind', 'authMethod', 'redirectUris'], shows: { authMethod: 'NONE' } }),
      create('one with everything', { id: newId, ...everything }),
      create('a service', { name: 'Acme', kind: 'SERVICE', roles: ['support'] }, { fields: ['authMethod', 'roles'] }),
      create('nothing under an id that is taken', { id: web, ...app }, { outcome: 'CONFLICT' }),
      create('nothing of nothing', {}, failed('kind REQUIRED', 'name REQUIRED')),
      create('no first party', { ...app, isFirstParty: true }, failed('isFirstParty UNKNOWN_FIELD')),
      create('no account’s id', { ...app, clientId: nowhere }, failed('clientId FORMAT')),
      create('no account’s id with a letter', { ...app, clientId: `a${nowhere.slice(1)}` }, failed('clientId FORMAT')),
      create(
        'none in the name of our own apps',
        { ...app, clientId: 'tandem-web' },
        { outcome: 'CLIENT_ID_TAKEN', details: ['clientId NOT_UNIQUE'] },
      ),
      create('no app without a way back', { ...app, redirectUris: [] }, failed('redirectUris REQUIRED')),
      create(
        'no way back that is not safe',
        { ...app, redirectUris: ['com.acme.app:/callback', 'http://acme.example/'] },
        failed('redirectUris.1 FORMAT'),
      ),
      create('no secret in an app', { ...app, authMethod: 'CLIENT_SECRET' }, failed('authMethod NOT_ALLOWED')),
      create('no public service', { name: 'A', kind: 'SERVICE', authMethod: 'NONE' }, failed('authMethod NOT_ALLOWED')),
      create('no roles of an app', { ...app, roles: ['support'] }, failed('roles MAX_ITEMS')),
      create('no roles that there are not', { name: 'A', kind: 'SERVICE', roles: ['x'] }, failed('roles.0 NOT_FOUND')),
      create('no scopes that there are not', { ...app, scopes: ['openid', 'x:read'] }, failed('scopes.1 NOT_FOUND')),
      create(
        'no sign-in of services',
        { name: 'A', kind: 'SERVICE', scopes: ['openid'] },
        failed('scopes.0 NOT_FOUND'),
      ),
      create(
        'no keys that are none',
        { name: 'A', kind: 'SERVICE', authMethod: 'PRIVATE_KEY_JWT', jwks: { keys: [{ kty: 'oct', k: 'c2VjcmV0' }] } },
        failed('jwks INVALID'),
      ),
      create(
        'no keys where there have to be some',
        { name: 'A', kind: 'SERVICE', authMethod: 'PRIVATE_KEY_JWT' },
        failed('jwks REQUIRED'),
      ),
      create(
        'no logout without TLS',
        { ...app, backchannelLogoutUri: 'http://acme.example/' },
        failed('backchannelLogoutUri FORMAT'),
      ),
      create('none as a manager', app, { as: 'manager', outcome: 'FORBIDDEN' }),
      update('one', web, { name: 'Acme 2', scopes: [] }, { shows: { version: 2, name: 'Acme 2', scopes: [] } }),
      update('on the right version', web, { name: 'Acme 2' }, { ifMatch: '"1.x"' }),
      update('nothing on an old version', web, {}, { ifMatch: '"9"', outcome: 'PRECONDITION_FAILED' }),
      update('no kind', web, { kind: 'SERVICE' }, failed('kind UNKNOWN_FIELD')),
      update('nothing to null', web, { name: null }, failed('name NULL_NOT_ALLOWED')),
      update('nothing that there is not', nowhere, {}, { outcome: 'CLIENT_NOT_FOUND' }),
      update('nothing as support', web, {}, { as: 'support', outcome: 'FORBIDDEN' }),
      update('an app as a keeper', web, { name: 'Acme 2' }, asKeeper),
      update(
        'no address of codes as a keeper',
        web,
        { redirectUris: ['https://shop.acme.example/callback', 'https://evil.example/'] },
        { ...beyond, details: ['redirectUris.1 BEYOND_OWN'] },
      ),
      update(
        'nothing of an app that nobody is asked about as a keeper',
        web,
        { name: 'Acme 2' },
        {
          ...beyond,
          prepare: async () => {
            await asKeeper.prepare!();
            await w.app.database.sql('update clients set is_first_party = true where id = $1', [web]);
          },
          details: ['isFirstParty BEYOND_OWN'],
        },
      ),
      update('no scopes of a service that may more', service, { scopes: ['api'] }, beyond),
      update('no keys of a service that may more', service, { authMethod: 'PRIVATE_KEY_JWT', jwks }, beyond),
      update('no service to less that may more', service, { roles: ['customer'] }, beyond),
      command('disable', service, { shows: { isDisabled: true } }),
      command('disable', nowhere, { outcome: 'CLIENT_NOT_FOUND' }),
      command('disable', service, { as: 'manager', outcome: 'FORBIDDEN' }),
      command('enable', web, { shows: { isDisabled: false } }),
      command('enable', service, beyond),
      command('enable', web, { ifMatch: '"7"', outcome: 'PRECONDITION_FAILED' }),
      command('enable', web, { as: 'anonymous', outcome: 'UNAUTHENTICATED' }),
      remove('one', web),
      remove('nothing on an old version', web, { ifMatch: '"2.x"', outcome: 'PRECONDITION_FAILED' }),
      remove('none that there is not', nowhere, { outcome: 'CLIENT_NOT_FOUND' }),
      remove('none as support', web, { as: 'support', outcome: 'FORBIDDEN' }),
    ],
  };
  const fresh = ['secret'];
  const clientSecrets: SurfaceTable = {
    list: [],
    document: ['clientId', 'secret', 'previousExpiresAt'],
    cases: [
      rotate('a secret', service, undefined, { fresh, shows: { previousExpiresAt: null } }),
      rotate('a secret for two days beside the last', service, { keepPreviousForHours: 48 }, { fresh }),
      rotate(
        'no secret for longer than a month',
        service,
        { keepPreviousForHours: 721 },
        failed('keepPreviousForHours MAX'),
      ),
      rotate('no secret of an app without one', web, {}, { prepare: noSecrets, outcome: 'CLIENT_WITHOUT_SECRET' }),
      rotate('no secret of what there is not', nowhere, {}, { outcome: 'CLIENT_NOT_FOUND' }),
      rotate('no secret as support', service, {}, { as: 'support', outcome: 'FORBIDDEN' }),
      rotate('no secret of a service that may more', service, {}, beyond),
    ],
  };
  return { clients, clientSecrets };
}
