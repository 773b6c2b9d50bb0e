import type { SurfaceCase, SurfaceTable } from '#libs/testing/surfaces.js';
import { nowhere } from '#test/harness/callers.js';
import type { AccessWorld } from './world.js';

type Rest = Partial<SurfaceCase>;
const failed = (...details: string[]): Rest => ({ outcome: 'VALIDATION_FAILED', details });

export function permissionCases({ ids }: AccessWorld): SurfaceTable {
  const mine = (as: string, rest: Rest = {}): SurfaceCase => ({
    name: 'own permissions',
    as,
    outcome: 'OK',
    rest: ['GET', '/v1/users/me/permissions'],
    graphql: ['myPermissions'],
    ...rest,
  });
  const of = (name: string, id: string, rest: Rest = {}): SurfaceCase => ({
    name: `permissions of ${name}`,
    as: 'admin',
    outcome: 'OK',
    rest: ['GET', `/v1/users/${id}/permissions`],
    graphql: ['userPermissions', { id }],
    ...rest,
  });
  const shape = ['userId', 'roles', 'suspended', 'rules'];
  return {
    list: shape,
    document: shape,
    cases: [
      mine('ada', { shows: { userId: ids.ada, roles: ['anonymous', 'signedIn', 'customer'], suspended: false } }),
      mine('admin'),
      mine('anonymous', { outcome: 'UNAUTHENTICATED' }),
      mine('suspended', { outcome: 'ACCOUNT_SUSPENDED' }),
      of('a customer', ids.grace, { shows: { userId: ids.grace } }),
      of('the suspended', ids.suspended, { shows: { suspended: true } }),
      of('nobody', nowhere, { outcome: 'USER_NOT_FOUND' }),
      of('what is no id', 'me-too', { outcome: 'USER_NOT_FOUND' }),
      of('a customer to support', ids.ada, { as: 'support', outcome: 'FORBIDDEN' }),
    ],
  };
}
export function explanationCases({ ids }: AccessWorld): SurfaceTable {
  const explain = (name: string, of: string, input: Record<string, string>, rest: Rest = {}): SurfaceCase => ({
    name: `explains ${name}`,
    as: 'admin',
    outcome: 'OK',
    rest: ['GET', `/v1/users/${of}/permissions/explain?${new URLSearchParams(input).toString()}`],
    graphql: ['explainUserPermission', { id: of, input }],
    ...rest,
  });
  const mine = (name: string, input: Record<string, string>, rest: Rest = {}): SurfaceCase => ({
    name: `explains to oneself ${name}`,
    as: 'ada',
    outcome: 'OK',
    rest: ['GET', `/v1/users/me/permissions/explain?${new URLSearchParams(input).toString()}`],
    graphql: ['explainMyPermission', { input }],
    ...rest,
  });
  const says = (outcome: string, role: string | null = null): Rest => ({
    shows: { allowed: outcome === 'ALLOWED', outcome, role },
  });
  const read = { action: 'read', subject: 'User' };
  const shape = ['allowed', 'outcome', 'role', 'rules'];
  return {
    list: shape,
    document: shape,
    cases: [
      explain('reading users', ids.ada, read, says('ALLOWED', 'signedIn')),
      explain('oneself', ids.ada, { ...read, id: ids.ada }, says('ALLOWED', 'signedIn')),
      explain('another', ids.ada, { ...read, id: ids.grace }, says('CONDITIONS_NOT_MET')),
      explain(
        'another to support',
        ids.support,
        { ...read, id: ids.grace, field: 'email' },
        says('ALLOWED', 'support'),
      ),
      explain('what is taken back', ids.support, { ...read, id: ids.grace, field: 'preferences' }, says('TAKEN_BACK')),
      explain('what nobody said', ids.ada, { action: 'suspend', subject: 'User', id: ids.grace }, says('NO_RULE')),
      explain('everything', ids.admin, { action: 'suspend', subject: 'User', id: ids.grace }, says('ALLOWED', 'admin')),
      explain('the suspended', ids.suspended, { ...read, id: ids.suspended }, says('SUSPENDED')),
      explain('no subject that there is not', ids.ada, { action: 'read', subject: 'Invoice' }, failed('subject ENUM')),
      explain('no action that there is not', ids.ada, { action: 'fly', subject: 'User' }, failed('action ENUM')),
      explain('no field that there is not', ids.ada, { ...read, field: 'shoeSize' }, failed('field ENUM')),
      explain('no row that there is not', ids.ada, { ...read, id: nowhere }, failed('id NOT_FOUND')),
      explain('nothing of nobody', nowhere, read, { outcome: 'USER_NOT_FOUND' }),
      explain('nothing to support', ids.ada, read, { as: 'support', outcome: 'FORBIDDEN' }),
      mine('a row', { ...read, id: ids.ada }, says('ALLOWED', 'signedIn')),
      mine('what is hidden', { ...read, id: ids.ada, field: 'suspensionReason' }, says('TAKEN_BACK')),
      mine('no row of others', { ...read, id: ids.grace }, failed('id NOT_FOUND')),
      mine('nothing without a token', read, { as: 'anonymous', outcome: 'UNAUTHENTICATED' }),
    ],
  };
}
