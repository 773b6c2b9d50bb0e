import { Controller, Get, Module } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { Query, ResolveField, Resolver } from '@nestjs/graphql';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { AccessGuard } from '#libs/authn/access.guard.js';
import { AccessState, RememberedAccount } from '#libs/authn/access-state.js';
import { TokenStrategy } from '#libs/authn/token.strategy.js';
import { Actor } from '#libs/authz/actor.js';
import { Scopes } from '#libs/authz/scopes.js';
import { Roles } from '#libs/authz/roles.js';
import { operationsOf, problemsOf } from '#libs/testing/operations.js';
import { Sniffer } from '#libs/testing/sniffer.js';
import { UserView } from '#src/users/users.contract.js';
import { HealthModule } from '#src/health/health.module.js';
import { uncovered } from '#test/matrix/coverage.js';
import type { Row } from '#test/matrix/expectations.js';
import { operations } from '#test/matrix/expected.js';
import { Matrix, startMatrix } from '#test/matrix/matrix.js';
import { exceptions, startListed } from '#test/surfaces/routes.js';

const world = await startMatrix();
const matrix = new Matrix(world);
const { app } = world.app;
afterEach(() => vi.restoreAllMocks());
afterAll(async () => {
  // Some requests of a control never get their answers.
  app.getHttpServer().closeAllConnections();
  await world.app.stop();
});

const rowOf = (rows: readonly Row[], operation: string, situation: string): Row =>
  rows.find((row) => row.operation === operation && row.situation === situation)!;
describe('the matrix fails', () => {
  it('when the markers of handlers are not looked at', async () => {
    vi.spyOn(Actor.prototype, 'mayEver').mockReturnValue(true);
    expect(await matrix.operation(rowOf(operations, 'listRoles', 'all'))).not.toEqual([]);
  });
  it('when the suspended are let in', async () => {
    const { of } = AccessState.prototype;
    vi.spyOn(AccessState.prototype, 'of').mockImplementation(async function (this: AccessState, id) {
      const entry = await of.call(this, id);
      return entry?.suspended ? new RememberedAccount(app.get(Roles).actor(id, ['customer'])) : entry;
    });
    expect(await matrix.operation(rowOf(operations, 'getUser', 'there is none'))).not.toEqual([]);
  });
  it('when scopes of tokens are not looked at', async () => {
    vi.spyOn(Scopes.prototype, 'allow').mockReturnValue(true);
    expect(await matrix.operation(rowOf(operations, 'suspendUser', 'a customer'), ['reading'])).not.toEqual([]);
    expect(await matrix.operation(rowOf(operations, 'listUsers', 'Ada and Grace'), ['unscoped'])).not.toEqual([]);
  });
  it('when whoever acts as somebody may change something', async () => {
    vi.spyOn(Actor.prototype, 'isReadOnly', 'get').mockReturnValue(false);
    expect(await matrix.operation(rowOf(operations, 'updateMe', 'the profile'), ['acting'])).not.toEqual([]);
  });
  it('when a service counts as an account', async () => {
    vi.spyOn(Actor.prototype, 'requireId').mockReturnValue(world.ids.support);
    expect(await matrix.operation(rowOf(operations, 'me', 'the profile'), ['service'])).not.toEqual([]);
  });
  it('when roles of the account count instead of those of the token', async () => {
    vi.spyOn(RememberedAccount.prototype, 'holding').mockImplementation(function (this: RememberedAccount) {
      return this;
    });
    expect(await matrix.operation(rowOf(operations, 'listUsers', 'Ada and Grace'), ['external'])).not.toEqual([]);
  });
  it('when an operation, or a caller, has no row', () => {
    const found = operationsOf(app, []);
    const promotion = {
      route: 'POST /v1/users/:id/promote',
      operationId: 'promoteUser',
      handler: 'X.y',
      marker: undefined,
    };
    expect(uncovered({ rest: [...found.rest, promotion] }, matrix.schema)).toEqual([
      'operation promoteUser has no row',
      'write promoteUser has no row',
    ]);
    expect(uncovered({ rest: found.rest.slice(0, -1) }, matrix.schema)).not.toEqual([]);
  });
  it('when requests share what authenticates them', async () => {
    const names = ['ada', 'grace', 'support', 'manager', 'admin'] as const;
    const tokens = await Promise.all(names.map((name) => world.app.issuer.token(world.ids[name])));
    const { of } = AccessState.prototype;
    vi.spyOn(TokenStrategy.prototype, 'remembered').mockReturnValue(undefined);
    const asTheOneWhoAsked = async (patience: number) => {
      // Nobody is let in before all have come.
      let come = 0;
      let letIn!: () => void;
      const all = new Promise<void>((resolve) => (letIn = resolve));
      vi.spyOn(AccessState.prototype, 'of').mockImplementation(async function (this: AccessState, id) {
        if (++come === names.length) letIn();
        await all;
        return of.call(this, id);
      });
      const ask = async (token: string) => {
        const headers = { authorization: `Bearer ${token}` };
        const signal = AbortSignal.timeout(patience);
        const answer = await fetch(`${world.app.url}/v1/users/me`, { headers, signal });
        return ((await answer.json()) as { id: string }).id;
      };
      const ids = await Promise.all(tokens.map((token) => ask(token).catch(() => 'no answer')));
      return ids.filter((id, i) => id === world.ids[names[i]]).length;
    };
    expect(await asTheOneWhoAsked(30_000)).toBe(names.length);

    const guard = [...app.get(ModulesContainer).values()]
      .flatMap((module) => [...module.injectables.values(), ...module.providers.values()])
      .map((wrapper) => wrapper.instance)
      .find((instance) => instance instanceof AccessGuard)!;
    const { options } = guard as unknown as { options: object };
    const own = Object.getOwnPropertyDescriptor(options, 'defaultStrategy')!;
    const shared = app.get(TokenStrategy, { strict: false });
    Object.defineProperty(options, 'defaultStrategy', { value: shared, configurable: true });
    // All but one are answered by nobody: their answers went to that one.
    expect(await asTheOneWhoAsked(1000)).toBeLessThan(names.length);
    Object.defineProperty(options, 'defaultStrategy', own);
  });
});

describe('the sniffer', () => {
  it('reports what reaches somebody who may not see it', () => {
    const sniffer = new Sniffer();
    const secret = sniffer.plant('note', ['ada']);
    sniffer.sniff('ada', 'a body', `{"note":"${secret}"}`);
    expect(sniffer.leaks).toEqual([]);
    sniffer.sniff('grace', 'a body', `{"note":"${secret}"}`);
    expect(sniffer.leaks).toEqual([`grace was given ${secret} by a body`]);
  });
  it('does not take the twentieth canary for the second', () => {
    const sniffer = new Sniffer();
    const canaries = Array.from({ length: 21 }, (_, i) => sniffer.plant('note', i === 20 ? ['grace'] : ['ada']));
    sniffer.sniff('grace', 'a body', canaries[20]);
    expect(sniffer.leaks).toEqual([]);
  });
});

@Controller({ path: 'open', version: '1' })
class OpenController {
  @Get()
  list() {
    return { open: true };
  }
}
@Resolver()
class OpenResolver {
  @Query(() => Boolean)
  open() {
    return true;
  }
}
@Resolver(() => UserView)
class OpenFieldResolver {
  @ResolveField(() => Boolean)
  open() {
    return true;
  }
}
@Module({ controllers: [OpenController], providers: [OpenResolver, OpenFieldResolver] })
class OpenModule {}

describe('a controller and a resolver without a marker', async () => {
  const open = await startListed({
    override: (builder) => builder.overrideModule(HealthModule).useModule(OpenModule),
    database: world.app.database,
    issuer: world.app.issuer,
  });
  afterAll(() => open.app.stop());
  const answers = async () => {
    const admin = await open.app.as('admin', world.ids.admin);
    const rest = await admin.get('/v1/open');
    const graphql = ['{ open }', '{ users { nodes { open } } }'].map((query) => admin.graphql(query));
    return [rest.status, ...(await Promise.all(graphql)).map((answer) => answer.code)];
  };
  it('are found', () => {
    expect(problemsOf(open.operations, exceptions)).toEqual(
      expect.arrayContaining([
        'OpenController.list (GET /v1/open) carries no access marker',
        'OpenController.list (GET /v1/open) has no operationId',
        'OpenResolver.open (Query.open) carries no access marker',
        'OpenFieldResolver.open (User.open) carries no access marker',
        'Query.open has no REST twin',
        'the exception GET /health/live is not needed',
      ]),
    );
  });
  it('are closed to everybody', async () => {
    expect(await answers()).toEqual([403, 'FORBIDDEN', 'FORBIDDEN']);
  });
  it('would be open if the guard let them pass', async () => {
    const authenticate = (Object.getPrototypeOf(AccessGuard.prototype) as AccessGuard).canActivate;
    vi.spyOn(AccessGuard.prototype, 'canActivate').mockImplementation(function (this: AccessGuard, context) {
      return authenticate.call(this, context);
    });
    expect(await answers()).toEqual([200, undefined, undefined]);
  });
});
describe('the list of operations', () => {
  const found = operationsOf(app, [{ method: 'GET', url: '/backdoor' }]);
  const without = (change: Partial<typeof found>) => problemsOf({ ...found, ...change }, {});
  it('tells of a route that no controller serves', () => {
    expect(without({})).toContain('GET /backdoor is served by no controller');
  });
  it('tells of an operation that only one API has', () => {
    expect(without({ graphql: found.graphql.filter((o) => o.field !== 'suspendUser') })).toContain(
      'suspendUser (POST /v1/users/:id/suspend) has no GraphQL twin suspendUser',
    );
    expect(without({ rest: found.rest.filter((o) => o.operationId !== 'listUsers') })).toContain(
      'Query.users has no REST twin',
    );
  });
  it('tells of twins that different people may call', () => {
    const graphql = found.graphql.map((o) => (o.field === 'roles' ? { ...o, marker: { kind: 'public' as const } } : o));
    expect(without({ graphql })).toContain(
      'RolesController.list and RolesResolver.roles carry different access markers',
    );
  });
});
