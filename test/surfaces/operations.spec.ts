import { afterAll, expect, it } from 'vitest';
import { problemsOf } from '#libs/testing/operations.js';
import { exceptions, startListed } from './routes.js';

const { app, operations } = await startListed();
afterAll(() => app.stop());

it('has an access marker, an operationId and a twin for everything that can be called', () => {
  expect(problemsOf(operations, exceptions)).toEqual([]);
});
it('finds what there is', () => {
  // A listing that found nothing would have no problems either.
  const routes = operations.rest.map((r) => r.route);
  expect(routes).toEqual(expect.arrayContaining(['GET /v1/users', 'PUT /v1/users/:id/roles']));
  expect(routes).toContain('GET /health/live');
  const fields = operations.graphql.map((o) => `${o.type}.${o.field}`);
  expect(fields).toEqual(expect.arrayContaining(['Query.users', 'Mutation.suspendUser']));
  expect(operations.outside).toContain('POST /graphql');
});
