import { AccessState } from '#libs/authn/access-state.js';
import type { SurfaceCase, SurfaceTable } from '#libs/testing/surfaces.js';
import { nowhere } from '#test/harness/callers.js';
import type { AccessWorld } from './world.js';

const ofRole = 'id name description builtIn rules createdAt updatedAt version'.split(' ');
type Rest = Partial<SurfaceCase>;
const failed = (...details: string[]): Rest => ({ outcome: 'VALIDATION_FAILED', details });

const newId = '0197f5a0-0000-7000-8000-00000000a01e';
const rule = (more: object = {}) => ({ action: ['read'], subject: 'User', ...more });
const shown = (more: object = {}) => ({
  ...rule(),
  fields: null,
  conditions: null,
  inverted: false,
  reason: null,
  ...more,
});
/** Conditions nested one level deeper than rules may have them. */
const deep = { $or: [{ $or: [{ $or: [{ $or: [{ $or: [{ status: 'ACTIVE' }] }] }] }] }] };

export async function roleCases(w: AccessWorld): Promise<SurfaceTable> {
  const made = await w.makeRole({ name: 'made', rules: [{ action: 'read', subject: 'Role' }] });
  const held = await w.makeRole({ name: 'held' });
  const fourEyes = await w.makeRole({
    name: 'four-eyes',
    rules: [rule({ conditions: { id: { $ne: '${actor.id}' } } })],
  });
  // May manage roles and give them, and sees users but for what is private.
  const lead = await w.makeRole({
    name: 'lead',
    rules: [
      { action: ['read', 'create', 'update', 'delete'], subject: 'Role' },
      { action: ['read', 'setRoles'], subject: 'User' },
      { action: ['read'], subject: 'User', fields: ['preferences'], inverted: true },
    ],
  });
  const registrar = await w.makeRole({ name: 'registrar', rules: [rule({ action: ['manage'] })] });
  const support = '01900000-0000-7000-8000-000000000002';
  const list = (name: string, query: string, args: Record<string, unknown>, rest: Rest = {}): SurfaceCase => ({
    name: `lists ${name}`,
    as: 'admin',
    outcome: 'OK',
    rest: ['GET', `/v1/roles${query && `?${query}`}`],
    graphql: ['roles', args],
    ...rest,
  });
  const read = (name: string, id: string, rest: Rest = {}): SurfaceCase => ({
    name: `reads ${name}`,
    as: 'admin',
    outcome: 'OK',
    rest: ['GET', `/v1/roles/${id}`],
    graphql: ['role', { id }],
    ...rest,
  });
  const admin = '01900000-0000-7000-8000-000000000004';
  const create = (name: string, input: unknown, rest: Rest = {}): SurfaceCase => ({
    name: `creates ${name}`,
    as: 'admin',
    outcome: 'OK',
    rest: ['POST', '/v1/roles', input],
    graphql: ['createRole', { input }],
    ...rest,
  });
  const withRule = (name: string, given: object, ...details: string[]) =>
    create(`nothing with ${name}`, { name: 'auditor', rules: [rule(), given] }, failed(...details));
  const update = (name: string, id: string, input: unknown, rest: Rest = {}): SurfaceCase => ({
    name: `updates ${name}`,
    as: 'admin',
    outcome: 'OK',
    rest: ['PATCH', `/v1/roles/${id}`, input],
    graphql: ['updateRole', { id, input }],
    ...rest,
  });
  const remove = (name: string, id: string, rest: Rest = {}): SurfaceCase => ({
    name: `deletes ${name}`,
    as: 'admin',
    outcome: 'OK',
    rest: ['DELETE', `/v1/roles/${id}`],
    graphql: ['deleteRole', { id }],
    ...rest,
  });
  const give = (name: string, id: string, names: string[], rest: Rest): SurfaceCase => ({
    name: `gives ${name}`,
    as: 'admin',
    outcome: 'OK',
    rest: ['PUT', `/v1/users/${id}/roles`, { roles: names }],
    graphql: ['setUserRoles', { id, input: { roles: names } }],
    fields: ['id', 'roles'],
    ...rest,
  });
  const beyond = (...details: string[]): Rest => ({ outcome: 'BEYOND_OWN_RIGHTS', details });
  // Support is given the role of leads first.
  const asLead: Rest = {
    as: 'support',
    prepare: async () => {
      await w.app.database.sql(`update users set roles = '{customer,lead}' where id = $1`, [w.ids.support]);
      await w.app.app.get(AccessState).refresh();
    },
  };
  const ownOrOld = {
    $or: [{ id: '${actor.id}' }, { status: { $in: ['ACTIVE'] }, version: { $lt: 5 } }],
  };
  const all = [
    rule({ conditions: ownOrOld }),
    rule({ action: ['read', 'update'], fields: ['email', 'roles'], inverted: true, reason: 'Private' }),
    { action: ['manage'], subject: 'Role' },
  ];
  return {
    list: ofRole,
    document: ofRole,
    cases: [
      list('all', '', {}, { rows: 9 }),
      list('by name', 'name=support', { filter: { name: { eq: 'support' } } }, { rows: 1 }),
      list('built-in ones', 'builtIn=true&count=true', { filter: { builtIn: { eq: true } } }, { rows: 4 }),
      list('others', 'builtIn=false', { filter: { builtIn: { eq: false } } }, { rows: 5 }),
      list('not by what is no flag', 'builtIn=1', { filter: { builtIn: { eq: 1 } } }, failed('builtIn TYPE')),
      list('none for managers', '', {}, { as: 'manager', outcome: 'FORBIDDEN' }),
      list('none for anonymous', '', {}, { as: 'anonymous', outcome: 'UNAUTHENTICATED' }),
      read('one', support, { shows: { name: 'support', builtIn: true } }),
      read('what there is not', nowhere, { outcome: 'ROLE_NOT_FOUND' }),
      read('what is no id', 'support', { outcome: 'ROLE_NOT_FOUND' }),
      read('none as support', support, { as: 'support', outcome: 'FORBIDDEN' }),
      read('none while suspended', support, { as: 'suspended', outcome: 'ACCOUNT_SUSPENDED' }),
      read('its rules only', made.id, { fields: ['rules'] }),
      create(
        'one without rules',
        { name: 'auditor' },
        { shows: { name: 'auditor', builtIn: false, rules: [], version: 1 } },
      ),
      create(
        'one with all kinds of rules',
        { id: newId, name: 'auditor', description: 'Looks', rules: all },
        {
          shows: { id: newId, rules: [shown({ conditions: ownOrOld }), shown(all[1]), shown(all[2])] },
        },
      ),
      create('one with what it was shown with', { name: 'auditor', rules: [shown()] }, { shows: { rules: [shown()] } }),
      create(
        'nothing under a name that is taken',
        { name: 'made' },
        { outcome: 'ROLE_NAME_TAKEN', details: ['name NOT_UNIQUE'] },
      ),
      create(
        'nothing under the name of everybody',
        { name: 'anonymous' },
        { outcome: 'ROLE_NAME_TAKEN', details: ['name NOT_UNIQUE'] },
      ),
      create('nothing under an id that is taken', { id: made.id, name: 'auditor' }, { outcome: 'CONFLICT' }),
      create('nothing of nothing', {}, failed('name REQUIRED')),
      create('nothing with a name that is none', { name: 'Not a name' }, failed('name FORMAT')),
      create('nothing built in', { name: 'auditor', builtIn: true }, failed('builtIn UNKNOWN_FIELD')),
      create(
        'nothing with a rule of nothing',
        { name: 'auditor', rules: [{}] },
        failed('rules.0.action REQUIRED', 'rules.0.subject REQUIRED'),
      ),
      create(
        'nothing with too many rules',
        { name: 'auditor', rules: Array.from({ length: 101 }, () => rule()) },
        failed('rules MAX_ITEMS'),
      ),
      withRule('a subject that there is not', rule({ subject: 'Invoice' }), 'rules.1.subject ENUM'),
      withRule('an action that nobody knows', rule({ action: ['read', 'fly'] }), 'rules.1.action.1 ENUM'),
      withRule('an action of another subject', rule({ action: ['place'] }), 'rules.1.action.0 ENUM'),
      withRule('a field that there is not', rule({ fields: ['email', 'owner'] }), 'rules.1.fields.1 ENUM'),
      withRule('a field that cannot be hidden', rule({ fields: ['id'] }), 'rules.1.fields.0 NOT_ALLOWED'),
      withRule('no field', rule({ fields: [] }), 'rules.1.fields MIN_ITEMS'),
      withRule(
        'conditions on all subjects',
        rule({ subject: 'all', conditions: { id: newId } }),
        'rules.1.conditions NOT_ALLOWED',
      ),
      withRule(
        'a column that there is not',
        rule({ conditions: { owner: 'a' } }),
        'rules.1.conditions.owner NOT_ALLOWED',
      ),
      withRule(
        'a column that cannot be compared',
        rule({ conditions: { preferences: 'a' } }),
        'rules.1.conditions.preferences NOT_ALLOWED',
      ),
      withRule(
        'an operator that there is not',
        rule({ conditions: { email: { $regex: '^a' } } }),
        'rules.1.conditions.email.$regex NOT_ALLOWED',
      ),
      withRule(
        'texts in order',
        rule({ conditions: { email: { $gt: 'a' } } }),
        'rules.1.conditions.email.$gt NOT_ALLOWED',
      ),
      withRule(
        'values of other types',
        rule({
          conditions: { status: 5, version: '1', createdAt: 'today', $or: [{ id: 'me' }, { id: { $in: [null] } }] },
        }),
        'rules.1.conditions.status TYPE',
        'rules.1.conditions.version TYPE',
        'rules.1.conditions.createdAt FORMAT',
        'rules.1.conditions.$or.0.id FORMAT',
        'rules.1.conditions.$or.1.id.$in.0 NULL_NOT_ALLOWED',
      ),
      withRule(
        'conditions of any depth',
        rule({ conditions: deep }),
        'rules.1.conditions.$or.0.$or.0.$or.0.$or.0.$or.0 JSON_DEPTH',
      ),
      withRule(
        'any number of conditions',
        rule({ conditions: { $or: Array.from({ length: 51 }, (_, n) => ({ version: n })) } }),
        'rules.1.conditions.$or.50 MAX_ITEMS',
      ),
      create('nothing as a manager', { name: 'auditor' }, { as: 'manager', outcome: 'FORBIDDEN' }),
      create('nothing as anonymous', { name: 'auditor' }, { as: 'anonymous', outcome: 'UNAUTHENTICATED' }),
      create(
        'what leads have',
        { name: 'auditor', rules: [rule({ fields: ['email'] }), { action: ['read'], subject: 'Role' }] },
        asLead,
      ),
      create(
        'nothing that leads have not',
        { name: 'auditor', rules: [rule({ action: ['read', 'suspend'] })] },
        { ...asLead, ...beyond('rules.0 BEYOND_OWN') },
      ),
      create(
        'nothing that leads may not see',
        { name: 'auditor', rules: [{ action: ['read'], subject: 'Role' }, rule()] },
        { ...asLead, ...beyond('rules.1 BEYOND_OWN') },
      ),
      create(
        'nothing that may do everything by a lead',
        { name: 'auditor', rules: [{ action: ['manage'], subject: 'all' }] },
        { ...asLead, ...beyond('rules.0 BEYOND_OWN') },
      ),
      update(
        'one',
        made.id,
        { description: 'Looks', rules: [rule()] },
        { shows: { description: 'Looks', rules: [shown()], version: 2 } },
      ),
      update(
        'a built-in one beside its own rules',
        support,
        { rules: [rule({ fields: ['preferences'] })] },
        { shows: { builtIn: true, rules: [shown({ fields: ['preferences'] })] } },
      ),
      update('on the right version', made.id, { rules: [] }, { ifMatch: '"1.x"', shows: { rules: [] } }),
      update('nothing on an old version', made.id, { rules: [] }, { ifMatch: '"9"', outcome: 'PRECONDITION_FAILED' }),
      update('no rules of admins', admin, { rules: [rule({ inverted: true })] }, { outcome: 'ROLE_FIXED' }),
      update('what admins are for', admin, { description: 'May do all.' }, { shows: { description: 'May do all.' } }),
      update('no name', made.id, { name: 'other' }, failed('name UNKNOWN_FIELD')),
      update('nothing to null', made.id, { rules: null }, failed('rules NULL_NOT_ALLOWED')),
      update(
        'no rule that is none',
        made.id,
        { rules: [rule({ subject: 'Invoice' })] },
        failed('rules.0.subject ENUM'),
      ),
      update('nothing that there is not', nowhere, {}, { outcome: 'ROLE_NOT_FOUND' }),
      update('nothing as a manager', made.id, {}, { as: 'manager', outcome: 'FORBIDDEN' }),
      update(
        'what a lead has',
        made.id,
        { rules: [rule({ conditions: { status: 'ACTIVE' }, fields: ['email'] })] },
        asLead,
      ),
      update(
        'nothing that a lead has not',
        made.id,
        { rules: [rule({ action: ['manage'] })] },
        { ...asLead, ...beyond('rules.0 BEYOND_OWN') },
      ),
      update(
        'what the role gives already',
        support,
        { rules: [{ action: ['read'], subject: 'User', fields: ['email'] }] },
        asLead,
      ),
      update(
        'beside what a lead cannot compare',
        fourEyes.id,
        { rules: [rule({ conditions: { id: { $ne: '${actor.id}' } } }), { action: ['read'], subject: 'Role' }] },
        asLead,
      ),
      update(
        'not oneself a way up',
        lead.id,
        { rules: [{ action: ['manage'], subject: 'all' }] },
        { ...asLead, ...beyond('rules.0 BEYOND_OWN') },
      ),
      remove('one', made.id),
      remove('one on the right version', made.id, { ifMatch: '"1.x"' }),
      remove('nothing on an old version', made.id, { ifMatch: '"2.x"', outcome: 'PRECONDITION_FAILED' }),
      remove('none that is built in', support, { outcome: 'ROLE_BUILT_IN' }),
      remove('not the admins', admin, { outcome: 'ROLE_BUILT_IN' }),
      remove('none that somebody holds', held.id, {
        outcome: 'ROLE_IN_USE',
        prepare: () => w.app.database.sql(`update users set roles = '{customer,held}' where id = $1`, [w.ids.grace]),
      }),
      remove('none that there is not', nowhere, { outcome: 'ROLE_NOT_FOUND' }),
      remove('none as a manager', made.id, { as: 'manager', outcome: 'FORBIDDEN' }),
      remove('none as anonymous', made.id, { as: 'anonymous', outcome: 'UNAUTHENTICATED' }),
      give('what a lead has', w.ids.grace, ['customer', 'lead'], asLead),
      give('nothing that a lead has not', w.ids.grace, ['customer', 'lead', registrar.name], {
        ...asLead,
        ...beyond('roles.2 BEYOND_OWN'),
      }),
      give('no admins by a lead', w.ids.grace, ['admin'], { ...asLead, ...beyond('roles.0 BEYOND_OWN') }),
      give('not oneself more', w.ids.support, ['lead', 'admin'], { ...asLead, ...beyond('roles.1 BEYOND_OWN') }),
      give('nobody less than a lead has not', w.ids.grace, ['customer'], {
        ...asLead,
        prepare: async () => {
          await w.app.database.sql(`update users set roles = '{customer,registrar}' where id = $1`, [w.ids.grace]);
          await asLead.prepare!();
        },
        ...beyond('roles TAKEN_BEYOND_OWN'),
      }),
      give('what somebody has already', w.ids.manager, ['manager', 'lead'], asLead),
    ],
  };
}
