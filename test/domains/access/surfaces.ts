import type { SurfaceCase, SurfaceTable } from '#libs/testing/surfaces.js';
import { nowhere } from '#test/harness/callers.js';

const ofRole = 'id name description builtIn rules createdAt updatedAt version'.split(' ');
type Rest = Partial<SurfaceCase>;
const failed = (...details: string[]): Rest => ({ outcome: 'VALIDATION_FAILED', details });

export function roleCases(): SurfaceTable {
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
  return {
    list: ofRole,
    document: ofRole,
    cases: [
      list('all', '', {}, { rows: 4 }),
      list('by name', 'name=support', { filter: { name: { eq: 'support' } } }, { rows: 1 }),
      list('built-in ones', 'builtIn=true&count=true', { filter: { builtIn: { eq: true } } }, { rows: 4 }),
      list('others', 'builtIn=false', { filter: { builtIn: { eq: false } } }, { rows: 0 }),
      list('not by what is no flag', 'builtIn=1', { filter: { builtIn: { eq: 1 } } }, failed('builtIn TYPE')),
      list('none for managers', '', {}, { as: 'manager', outcome: 'FORBIDDEN' }),
      list('none for anonymous', '', {}, { as: 'anonymous', outcome: 'UNAUTHENTICATED' }),
      read('one', support, { shows: { name: 'support', builtIn: true } }),
      read('what there is not', nowhere, { outcome: 'ROLE_NOT_FOUND' }),
      read('what is no id', 'support', { outcome: 'ROLE_NOT_FOUND' }),
      read('none as support', support, { as: 'support', outcome: 'FORBIDDEN' }),
      read('none while suspended', support, { as: 'suspended', outcome: 'ACCOUNT_SUSPENDED' }),
    ],
  };
}
