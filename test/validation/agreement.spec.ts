import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  BigInteger,
  Choice,
  Email,
  Flag,
  Id,
  Input,
  Instant,
  Int,
  Json,
  Many,
  One,
  Text,
} from '#libs/contract/fields.js';
import { isInstant } from '#libs/contract/scalars.js';
import { startWorld, type World } from '#test/harness/world.js';
import {
  answered,
  disagreement,
  generatedDisagreement,
  graphqlOperations,
  isCoerced,
  randomSeed,
  restOperations,
  rulesOf,
  times,
  type Operation,
  type Rules,
} from './agreement.js';
import { bodiesFor, brokenBodies, exampleOf, jsonOf } from './bodies.js';
import { documentedClient } from './client.js';

const Color = { RED: 'RED', BLUE: 'BLUE' } as const;
@Input('ProbePartInput', 'A part of what no domain has.')
class ProbePart {
  @Instant({ nullable: true, description: 'A time or none.' })
  at!: string | null;

  @Json({ nullable: true, optional: true, description: 'Anything or nothing.' })
  more?: Record<string, unknown> | null;
}
/** Every kind of field in every form, whatever the domains have. */
@Input('ProbeInput', 'What no domain has.')
class Probe {
  @Id({ list: true, minItems: 1, maxItems: 3, uniqueItems: true, description: 'Ids.' })
  ids!: string[];

  @Instant({ description: 'A time.' })
  at!: string;

  @Email({ description: 'An address.' })
  email!: string;

  @BigInteger({ description: 'A large number.' })
  large!: number;

  @Int({ nullable: true, min: -5, max: 5, description: 'A small number or none.' })
  small!: number | null;

  @Choice('ProbeColor', Color, { list: true, nullable: true, description: 'Colors or none.' })
  colors!: string[] | null;

  @Choice('ProbeColor', Color, { nullable: true, optional: true, description: 'A color or none.' })
  color?: string | null;

  @Flag({ nullable: true, description: 'Yes, no or none.' })
  flag!: boolean | null;

  @Text({ list: true, minLength: 2, maxLength: 4, maxItems: 2, description: 'Short texts.', example: 'abc' })
  texts!: string[];

  @Many(() => ProbePart, { minItems: 1, maxItems: 3, description: 'Parts.' })
  parts!: ProbePart[];

  @One(() => ProbePart, { nullable: true, optional: true, description: 'A part or none.' })
  part?: ProbePart | null;
}

const seed = randomSeed();
let world: World;
let rules: Map<string, Rules>;
let operations: Operation[];
beforeAll(async () => {
  world = await startWorld();
  const { admin } = world.clients;
  rules = await rulesOf(admin, world.app.url, await documentedClient());
  const token = await world.app.issuer.token(world.ids.admin);
  const post = async (method: string, path: string, text: string, headers: Record<string, string>) => {
    const response = await fetch(world.app.url + path, {
      method,
      headers: { ...headers, authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: text,
    });
    const answer = await response.text();
    return { status: response.status, headers: response.headers, text: answer, body: JSON.parse(answer || '{}') };
  };
  operations = [
    ...restOperations(
      (await admin.get('/openapi/v1.json')).body,
      (method, path) => (text, headers) => post(method, path, text, headers),
    ),
    ...graphqlOperations((await admin.get('/schema.graphql')).text, (text, headers) =>
      post('POST', '/graphql', text, headers),
    ),
  ];
});
afterAll(() => world?.app.stop());

describe(`client and service agree (seed ${seed})`, () => {
  it('on the example of every input: it is valid', () => {
    const refused = [...rules.values()].flatMap(({ input, schema, check }) =>
      check(exampleOf(schema)).map((detail) => ({ input, ...detail })),
    );
    expect(refused).toEqual([]);
    expect([...rules.keys()]).toContain(Probe.name.replace(/$/, 'Input'));
  });
  it('on every rule of every input, when it is broken', () => {
    const wrong: string[] = [];
    for (const each of rules.values())
      for (const { rule, field, code, body } of brokenBodies(each.schema)) {
        const found = disagreement(each, jsonOf(body));
        if (found !== undefined) wrong.push(found);
        const noticed = each.check(body).some((detail) => detail.field === field && detail.code === code);
        if (!noticed) wrong.push(`${each.input} ${rule}: is not broken by ${jsonOf(body)}`);
      }
    expect(wrong).toEqual([]);
  });
  it('on generated bodies', { timeout: 60_000 * times }, () => {
    for (const each of rules.values()) {
      const { found, tried } = generatedDisagreement(each, seed, 120 * times);
      expect(found).toBeUndefined();
      // A generator of one kind only would prove nothing.
      expect(Math.min(tried.valid, tried.invalid), each.input).toBeGreaterThan(10 * times);
    }
  });
  it('over both APIs, on every operation that takes an input', { timeout: 60_000 * times }, async () => {
    const wrong: string[] = [];
    for (const operation of operations) {
      const each = rules.get(operation.input)!;
      const isRest = operation.name.startsWith('REST');
      const broken = brokenBodies(each.schema).map(({ body }) => body);
      const generated = fc.sample(bodiesFor(each.schema), { seed, numRuns: 8 * times });
      const bodies = [exampleOf(each.schema), ...broken.filter((_, i) => i % 6 === 0), ...generated]
        .map(jsonOf)
        // What is too long is refused before anybody looks at its fields.
        .filter((text) => Buffer.byteLength(text) < 100_000)
        .filter((text) => isRest || (text.startsWith('{') && !isCoerced(each.schema, JSON.parse(text) as object)));
      for (const text of bodies) wrong.push(...[await answered(operation, each, text)].filter((w) => w !== undefined));
    }
    expect(wrong).toEqual([]);
    expect(operations.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['REST updateMe', 'GraphQL updateMe', 'REST setUserRoles', 'GraphQL suspendUser']),
    );
  });
});

it(`a text is a time for GraphQL when it is one for the schema (seed ${seed})`, () => {
  const { schema, check } = rules.get('ProbeInput')!;
  const whole = exampleOf(schema) as object;
  const isTime = (text: string) => check({ ...whole, at: text }).every(({ field }) => field !== 'at');
  const texts = fc
    .sample(bodiesFor({ type: 'object', properties: { at: schema.properties!.at }, required: ['at'] }), {
      seed,
      numRuns: 300 * times,
    })
    .map((body) => (body as { at?: unknown } | null)?.at)
    .filter((text) => typeof text === 'string');
  expect(texts.filter((text) => isInstant(text) !== isTime(text))).toEqual([]);
  expect(new Set(texts.map(isTime)).size).toBe(2);
});
