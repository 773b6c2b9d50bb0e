import type { SurfaceCase } from '#libs/testing/surfaces.js';
import { nowhere } from '#test/harness/callers.js';
import { defineDomainTests, type Call } from '#test/harness/domain-tests.js';
import type { UsersWorld } from '#test/domains/users/world.js';
import { command } from '#test/matrix/calls.js';
import { expected } from './expected.js';

const input = { reason: 'For the test' };
const actAs = (id: string): Call => command('users', 'act-as', 'actAsUser', id, input);

export const actingTests = defineDomainTests<UsersWorld, object>({
  name: 'acting',
  surfaces: ({ ids }) => {
    const act = (name: string, id: string, rest: Partial<SurfaceCase> = {}, given: object = input): SurfaceCase => ({
      name: `acts as ${name}`,
      as: 'support',
      outcome: 'OK',
      rest: ['POST', `/v1/users/${id}/act-as`, given],
      graphql: ['actAsUser', { id, input: given }],
      ...rest,
    });
    const cases = [
      act('a customer', ids.ada, { fresh: ['accessToken'] }),
      act('nobody of the staff', ids.manager, { outcome: 'ACTING_NOT_POSSIBLE' }),
      act('nobody without a reason', ids.ada, { outcome: 'VALIDATION_FAILED', details: ['reason REQUIRED'] }, {}),
      act('nobody that there is not', nowhere, { outcome: 'USER_NOT_FOUND' }),
      act('nobody as a customer', ids.ada, { as: 'grace', outcome: 'FORBIDDEN' }),
    ];
    return { acting: { list: [], document: ['accessToken', 'tokenType', 'expiresAt'], cases } };
  },
  expected,
  matrix: {
    calls: {
      actAsUser: {
        'a customer': async (w) => actAs(await w.makeUser()),
        'a manager': (w) => actAs(w.ids.manager),
        'a suspended account': (w) => actAs(w.ids.suspended),
        'there is none': () => actAs(nowhere),
      },
    },
  },
});
