import {
  getNamedType,
  isObjectType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql';
import type { Answer, GraphqlAnswer } from '#libs/testing/clients.js';
import { everythingOf, graphqlCall, isRelation, rootField } from '#libs/testing/graphql-call.js';
import { servedSchema } from '#libs/testing/operations.js';
import { fingerprint } from '#libs/testing/snapshot.js';
import { domains } from '#test/domains/domains.js';
import type { Call, Calls, Paths } from '#test/harness/domain-tests.js';
import type { TestAppOptions } from '#test/harness/test-app.js';
import { accountOf } from '#test/harness/callers.js';
import { startWorld, type World } from '#test/harness/world.js';
import type { AnyCaller, Outcome, Row } from './expectations.js';
import { refusals } from './expected.js';

const codes: Readonly<Record<string, Outcome>> = {
  UNAUTHENTICATED: 'login',
  FORBIDDEN: 'no',
  FIELD_FORBIDDEN: 'field',
  ACCOUNT_SUSPENDED: 'locked',
  INSUFFICIENT_SCOPE: 'scope',
  ACCOUNT_REQUIRED: 'account',
  ACTING_IS_READ_ONLY: 'acting',
  ...refusals,
};
const outcomeOf = (code: string): Outcome => codes[code] ?? (code.endsWith('_NOT_FOUND') ? 'gone' : code);
const succeeds = (outcome: Outcome) => outcome === 'ok' || /^\d+$/.test(outcome);
export const surfaces = ['REST', 'GraphQL'] as const;
export type Surface = (typeof surfaces)[number];

/** All callers ask at once: more than there are connections may be told to come back, which clients do. */
async function served(ask: () => Promise<Outcome>, times = 5): Promise<Outcome> {
  const outcome = await ask();
  return outcome.includes('UNAVAILABLE') && times > 1 ? served(ask, times - 1) : outcome;
}
/** By operation and situation, from all domains; two may speak of the same path. */
function merged<Make>(parts: readonly (Readonly<Record<string, Readonly<Record<string, Make>>>> | undefined)[]) {
  const all: Record<string, Record<string, Make>> = {};
  for (const part of parts)
    for (const [name, situations] of Object.entries(part ?? {})) all[name] = { ...all[name], ...situations };
  return all;
}
export const calls: Calls<World> = merged(domains.map((domain) => domain.matrix?.calls));
const paths: Paths<World> = merged(domains.map((domain) => domain.matrix?.paths));

/** Of whom a row says something. */
export const callersOf = (outcomes: Row['outcomes']): readonly AnyCaller[] => Object.keys(outcomes) as AnyCaller[];

/** The world, with what many calls need. */
export async function startMatrix(options: TestAppOptions = {}): Promise<World> {
  const world = await startWorld(options);
  for (const domain of domains) await domain.matrix?.prepare?.(world);
  return world;
}

/** Asks the application what the expectations speak of, and tells in words where it does otherwise. */
export class Matrix {
  readonly schema: GraphQLSchema;

  constructor(private readonly world: World) {
    this.schema = servedSchema(world.app.app);
  }
  /** One operation as these callers, by both APIs. Those who are refused come first, and nothing may change by it. */
  async operation({ operation, situation, outcomes }: Row, as = callersOf(outcomes)): Promise<string[]> {
    const make = calls[operation]?.[situation];
    if (!make) return [`nobody has said how to call ${operation}, ${situation}`];
    const cells = await Promise.all(
      as.flatMap((caller) =>
        surfaces.map(async (surface) => ({ caller, surface, call: await make(this.world, accountOf(caller)) })),
      ),
    );
    const run = async (some: typeof cells) =>
      (await Promise.all(some.map((c) => this.cell(c.surface, c.call, c.caller, outcomes[c.caller]!)))).flat();
    const { database } = this.world.app;
    const before = await fingerprint(database);
    const wrong = await run(cells.filter((c) => !succeeds(outcomes[c.caller]!)));
    if (before !== (await fingerprint(database))) wrong.push('of those who were to be refused, somebody changed rows');
    wrong.push(...(await run(cells.filter((c) => succeeds(outcomes[c.caller]!)))));
    return wrong.map((w) => `${operation}, ${situation}: ${w}`);
  }
  /** One path of GraphQL as these callers. */
  async path({ operation, situation, outcomes }: Row, as = callersOf(outcomes)): Promise<string[]> {
    const make = paths[operation]?.[situation];
    if (!make) return [`nobody has said how to ask for ${operation}, ${situation}`];
    const one = async (caller: AnyCaller) => {
      const { query, variables, count } = await make(this.world);
      const got = await served(async () => {
        const answer = await this.world.clients[caller].graphql(query, variables);
        return answer.code ? outcomeOf(answer.code) : String(count(answer.data));
      });
      const want = outcomes[caller];
      return got === want ? [] : [`${operation}, ${situation}, as ${caller}: ${got} instead of ${want}`];
    };
    return (await Promise.all(as.map(one))).flat();
  }

  /** One request by one caller: what is wrong with its outcome. */
  async cell(surface: Surface, call: Call, caller: AnyCaller, want: Outcome): Promise<string[]> {
    const got = await served(() => (surface === 'REST' ? this.rest(call, caller) : this.graphql(call, caller)));
    return got === want ? [] : [`${surface} as ${caller}: ${got} instead of ${want}`];
  }
  async rest({ rest: [method, path, body], graphql: [name] }: Call, caller: AnyCaller): Promise<Outcome> {
    const answer = await this.world.clients[caller].rest(method, path, { body });
    const outcome = restOutcome(answer);
    const row = this.rowOf(name);
    if (method !== 'GET' || !succeeds(outcome) || !row) return outcome;
    const everything = restOutcome(await this.askForEverything(path, row, caller));
    return everything === outcome ? outcome : `${outcome}, and ${everything} when asked for all fields`;
  }
  /** With every field and relation: what would be seen by somebody who asks for all of it. */
  private askForEverything(path: string, row: GraphQLObjectType, caller: AnyCaller): Promise<Answer> {
    const fields = restPaths(row).join();
    return this.world.clients[caller].get(`${path}${path.includes('?') ? '&' : '?'}fields=${fields}`);
  }
  /** What a root field answers with, one of it or a page; undefined for what is no resource, such as a count. */
  private rowOf(name: string): GraphQLObjectType | undefined {
    const type = getNamedType(rootField(this.schema, name).field.type);
    if (!isObjectType(type)) return undefined;
    const { nodes, id } = type.getFields();
    return nodes ? (getNamedType(nodes.type) as GraphQLObjectType) : id && type;
  }
  async graphql({ graphql: [name, args] }: Call, caller: AnyCaller): Promise<Outcome> {
    const type = getNamedType(rootField(this.schema, name).field.type);
    const rows = isObjectType(type) && type.getFields().nodes;
    let selection = '';
    if (rows) selection = ` { nodes${everythingOf(getNamedType(rows.type) as GraphQLObjectType, 2)} totalCount }`;
    else if (isObjectType(type)) selection = everythingOf(type, 2);
    const { query, variables } = graphqlCall(this.schema, name, args, selection);
    return graphqlOutcome(name, await this.world.clients[caller].graphql(query, variables));
  }
}
export function restOutcome({ status, body }: Answer): Outcome {
  if (status >= 400) return outcomeOf(body?.error?.code ?? `status ${status}`);
  return Array.isArray(body?.data) ? String(body.data.length) : 'ok';
}
export function graphqlOutcome(name: string, answer: GraphqlAnswer): Outcome {
  if (answer.errors.length > 0) return outcomeOf(answer.code!);
  const value = answer.data?.[name];
  if (value === null || value === undefined) return 'null without an error';
  if (!value.nodes) return 'ok';
  return value.totalCount === value.nodes.length ? String(value.nodes.length) : `counts ${value.totalCount}`;
}
/** What REST's `fields` can be asked for: a relation stands for all of its own fields. */
function restPaths(type: GraphQLObjectType): string[] {
  return Object.values(type.getFields()).flatMap((field) => {
    if (field.name === 'etag' || (isRelation(field) && 'nodes' in fieldsOf(field.type))) return [];
    const below = isRelation(field)
      ? Object.values(fieldsOf(field.type)).filter((f) => isRelation(f) && !('nodes' in fieldsOf(f.type)))
      : [];
    return [field.name, ...below.map((f) => `${field.name}.${f.name}`)];
  });
}
const fieldsOf = (type: GraphQLOutputType) => (getNamedType(type) as GraphQLObjectType).getFields();
