import type { SurfaceCase, SurfaceTable } from '#libs/testing/surfaces.js';
import { accountNames, nowhere } from '#test/harness/callers.js';
import type { UsersWorld } from './world.js';

const ofUser =
  'id email displayName status suspensionReason locale timeZone roles preferences createdAt updatedAt version'.split(
    ' ',
  );
type Rest = Partial<SurfaceCase>;
const failed = (...details: string[]): Rest => ({ outcome: 'VALIDATION_FAILED', details });

export function userCases(w: UsersWorld): SurfaceTable {
  const { ada, grace, suspended, admin, support } = w.ids;
  // Those with a name, and the one whose token is of another issuer.
  const everybody = accountNames.length + 1;
  const list = (name: string, query: string, args: Record<string, unknown>, rest: Rest = {}): SurfaceCase => ({
    name: `lists ${name}`,
    as: 'support',
    outcome: 'OK',
    rest: ['GET', `/v1/users${query && `?${query}`}`],
    graphql: ['users', args],
    ...rest,
  });
  const read = (name: string, id: string, rest: Rest = {}): SurfaceCase => ({
    name: `reads ${name}`,
    as: 'support',
    outcome: 'OK',
    rest: ['GET', `/v1/users/${id}`],
    graphql: ['user', { id }],
    ...rest,
  });
  const me = (name: string, as: string, rest: Rest = {}): SurfaceCase => ({
    name: `reads ${name}`,
    as,
    outcome: 'OK',
    rest: ['GET', '/v1/users/me'],
    graphql: ['me'],
    ...rest,
  });
  const update = (name: string, input: unknown, rest: Rest = {}): SurfaceCase => ({
    name: `updates ${name}`,
    as: 'ada',
    outcome: 'OK',
    rest: ['PATCH', '/v1/users/me', input],
    graphql: ['updateMe', { input }],
    ...rest,
  });
  const suspend = (name: string, id: string, input: unknown, rest: Rest = {}): SurfaceCase => ({
    name: `suspends ${name}`,
    as: 'admin',
    outcome: 'OK',
    rest: ['POST', `/v1/users/${id}/suspend`, input],
    graphql: ['suspendUser', { id, ...(input !== undefined && { input }) }],
    ...rest,
  });
  const reactivate = (name: string, id: string, rest: Rest = {}): SurfaceCase => ({
    name: `reactivates ${name}`,
    as: 'admin',
    outcome: 'OK',
    rest: ['POST', `/v1/users/${id}/reactivate`],
    graphql: ['reactivateUser', { id }],
    ...rest,
  });
  const setRoles = (name: string, id: string, input: unknown, rest: Rest = {}): SurfaceCase => ({
    name: `gives roles: ${name}`,
    as: 'admin',
    outcome: 'OK',
    rest: ['PUT', `/v1/users/${id}/roles`, input],
    graphql: ['setUserRoles', { id, input }],
    ...rest,
  });
  const byName = [{ field: 'DISPLAY_NAME', direction: 'ASC' }];
  return {
    list: ofUser,
    document: ofUser,
    cases: [
      list('all for support', '', {}, { rows: everybody }),
      list('all for managers', '', {}, { as: 'manager', rows: everybody }),
      list('all for admins, counted', 'count=true', {}, { as: 'admin', rows: everybody }),
      list('oneself for customers', '', {}, { as: 'ada', rows: 1 }),
      list('nothing for anonymous', '', {}, { as: 'anonymous', outcome: 'UNAUTHENTICATED' }),
      list('nothing for the suspended', '', {}, { as: 'suspended', outcome: 'ACCOUNT_SUSPENDED' }),
      list('by name', 'displayName[contains]=ada', { filter: { displayName: { contains: 'ada' } } }, { rows: 1 }),
      list('by address', 'email[contains]=EMAIL-g', { filter: { email: { contains: 'EMAIL-g' } } }, { rows: 1 }),
      list('by status', 'status=SUSPENDED', { filter: { status: { eq: 'SUSPENDED' } } }, { rows: 1 }),
      list(
        'by no status',
        'status[ne]=SUSPENDED',
        { filter: { status: { ne: 'SUSPENDED' } } },
        { rows: everybody - 1 },
      ),
      list('by role', 'roles[has]=manager', { filter: { roles: { has: 'manager' } } }, { rows: 1 }),
      list('by language', 'locale=en,de', { filter: { locale: { in: ['en', 'de'] } } }, { rows: everybody }),
      list('by ids', `id[in]=${ada},${grace}`, { filter: { id: { in: [ada, grace] } } }, { rows: 2 }),
      list(
        'nobody else by address as a customer',
        'email[contains]=email-grace&count=true',
        { filter: { email: { contains: 'email-grace' } } },
        { as: 'ada', rows: 0 },
      ),
      list(
        'oneself by address as a customer',
        'email[contains]=email-ada',
        { filter: { email: { contains: 'email-ada' } } },
        { as: 'ada', rows: 1 },
      ),
      list('a sorted page', 'sort=displayName&limit=4', { sort: byName, first: 4 }, { rows: 4 }),
      list('chosen fields', '', {}, { fields: ['displayName', 'roles', 'preferences'] }),
      list(
        'not by roles as text',
        'roles[eq]=x',
        { filter: { roles: { eq: 'x' } } },
        { outcome: 'FILTER_NOT_ALLOWED', refusedBySchema: true },
      ),
      list(
        'not by preferences',
        'preferences[contains]=x',
        { filter: { preferences: { contains: 'x' } } },
        { outcome: 'FILTER_NOT_ALLOWED', refusedBySchema: true },
      ),
      list(
        'not sorted by address',
        'sort=email',
        { sort: [{ field: 'EMAIL' }] },
        { outcome: 'SORT_NOT_ALLOWED', refusedBySchema: true },
      ),
      read('a customer as support', ada, { shows: { status: 'ACTIVE', roles: ['customer'] } }),
      read('a suspended account as manager', suspended, { as: 'manager', shows: { status: 'SUSPENDED' } }),
      read('anybody as admin', ada, { as: 'admin' }),
      read('oneself as support', support),
      read('oneself as a customer', ada, { as: 'ada' }),
      read('some fields', ada, { fields: ['displayName', 'suspensionReason', 'preferences'] }),
      read('nobody else as a customer', grace, { as: 'ada', outcome: 'USER_NOT_FOUND' }),
      read('what there is not', nowhere, { outcome: 'USER_NOT_FOUND' }),
      read('what is no id', 'ada', { outcome: 'USER_NOT_FOUND' }),
      read('nobody as anonymous', ada, { as: 'anonymous', outcome: 'UNAUTHENTICATED' }),
      me('oneself', 'ada', { shows: { id: ada } }),
      me('oneself as admin', 'admin', { shows: { id: admin } }),
      me('parts of oneself', 'grace', { fields: ['id', 'suspensionReason', 'preferences'] }),
      me('nobody', 'anonymous', { outcome: 'UNAUTHENTICATED' }),
      me('not oneself while suspended', 'suspended', { outcome: 'ACCOUNT_SUSPENDED' }),
      update('the name', { displayName: 'Ada L.' }, { shows: { displayName: 'Ada L.', version: 2 } }),
      update('language and zone', { locale: 'de-AT', timeZone: 'Europe/Vienna' }, { shows: { locale: 'de-AT' } }),
      update(
        'preferences',
        { preferences: { theme: 'dark', secret: null } },
        { shows: { preferences: { theme: 'dark' } } },
      ),
      update('oneself as support', { displayName: 'Sup' }, { as: 'support', shows: { displayName: 'Sup' } }),
      update('nothing', {}, { shows: { version: 1 } }),
      update('on the right version', { displayName: 'A' }, { ifMatch: '"1.x"' }),
      update('nothing on an old version', { displayName: 'A' }, { ifMatch: '"4"', outcome: 'PRECONDITION_FAILED' }),
      update('no empty name', { displayName: '' }, failed('displayName MIN_LENGTH')),
      update('no name that is null', { displayName: null }, failed('displayName NULL_NOT_ALLOWED')),
      update('no zone that there is not', { timeZone: 'Mars/Crater' }, failed('timeZone FORMAT')),
      update('no language that is none', { locale: 'klingon!' }, failed('locale FORMAT')),
      update('no preferences as text', { preferences: 'dark' }, failed('preferences TYPE')),
      update(
        'no preferences beyond measure',
        { preferences: { a: 'x'.repeat(9000) } },
        failed('preferences MAX_LENGTH'),
      ),
      update(
        'nothing that is not one’s own to change',
        { roles: ['admin'], status: 'ACTIVE', email: 'a@b.c' },
        failed('email UNKNOWN_FIELD', 'roles UNKNOWN_FIELD', 'status UNKNOWN_FIELD'),
      ),
      update('nobody', { displayName: 'A' }, { as: 'anonymous', outcome: 'UNAUTHENTICATED' }),
      update('nothing while suspended', {}, { as: 'suspended', outcome: 'ACCOUNT_SUSPENDED' }),
      suspend(
        'an account',
        grace,
        { reason: 'Chargeback' },
        { shows: { status: 'SUSPENDED', suspensionReason: 'Chargeback' } },
      ),
      suspend('an account without a reason', grace, undefined, {
        shows: { status: 'SUSPENDED', suspensionReason: null },
      }),
      suspend('nothing on an old version', grace, {}, { ifMatch: '"8"', outcome: 'PRECONDITION_FAILED' }),
      suspend('not oneself', admin, {}, { outcome: 'SELF_SUSPENSION' }),
      suspend('nobody that there is not', nowhere, {}, { outcome: 'USER_NOT_FOUND' }),
      suspend('nobody as manager', grace, {}, { as: 'manager', outcome: 'FORBIDDEN' }),
      suspend('nobody as a customer', grace, {}, { as: 'ada', outcome: 'FORBIDDEN' }),
      suspend('nobody as anonymous', grace, {}, { as: 'anonymous', outcome: 'UNAUTHENTICATED' }),
      suspend('nobody with an unknown field', grace, { until: 'later' }, failed('until UNKNOWN_FIELD')),
      reactivate('an account', suspended, { shows: { status: 'ACTIVE', suspensionReason: null } }),
      reactivate('an account on the right version', suspended, { ifMatch: '"1.x"' }),
      reactivate('nobody that there is not', nowhere, { outcome: 'USER_NOT_FOUND' }),
      reactivate('nobody as support', suspended, { as: 'support', outcome: 'FORBIDDEN' }),
      reactivate('not oneself', suspended, { as: 'suspended', outcome: 'ACCOUNT_SUSPENDED' }),
      setRoles(
        'more',
        grace,
        { roles: ['customer', 'support'] },
        { shows: { roles: ['customer', 'support'], version: 2 } },
      ),
      setRoles('on the right version', grace, { roles: ['customer'] }, { ifMatch: '"1.x"' }),
      setRoles(
        'nothing on an old version',
        grace,
        { roles: ['customer'] },
        { ifMatch: '"2"', outcome: 'PRECONDITION_FAILED' },
      ),
      setRoles('none that there is not', grace, { roles: ['customer', 'king'] }, failed('roles.1 NOT_FOUND')),
      setRoles('none twice', grace, { roles: ['customer', 'customer'] }, failed('roles NOT_UNIQUE')),
      setRoles('none at all', grace, { roles: [] }, failed('roles MIN_ITEMS')),
      setRoles('none that is no name', grace, { roles: ['Not a role', 5] }, failed('roles.0 FORMAT', 'roles.1 TYPE')),
      setRoles('not from the last admin', admin, { roles: ['customer'] }, { outcome: 'LAST_ADMIN' }),
      setRoles('not by support', grace, { roles: ['admin'] }, { as: 'support', outcome: 'FORBIDDEN' }),
      setRoles('not by oneself', ada, { roles: ['admin'] }, { as: 'ada', outcome: 'FORBIDDEN' }),
      setRoles('to nobody that there is not', nowhere, { roles: ['admin'] }, { outcome: 'USER_NOT_FOUND' }),
    ],
  };
}
