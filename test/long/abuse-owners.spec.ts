// Weaknesses: an operation that takes an id without looking whose row it is; a right on a class that is given although its
// conditions hold for no row; answers that tell that something exists (403 for what is there, 404 for what is not).
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildSchema, getNamedType, isObjectType } from 'graphql';
import { fingerprint } from '#libs/testing/snapshot.js';
import { graphqlCall, rootField, selectionOf } from '#libs/testing/graphql-call.js';
import fc from 'fast-check';
import { rootFields, validOperation } from '#test/fuzz/graphql-requests.js';
import { Fuzz } from '#test/fuzz/fuzz.js';
import { hiddenFrom, listOf, onRows, othersRows } from '#test/abuse/owners.js';

let fuzz: Fuzz;
beforeAll(async () => {
  fuzz = await Fuzz.start();
});
afterAll(() => fuzz?.stop());

describe('a row of somebody else', { timeout: 120_000 }, () => {
  it('is as good as none to another customer, by every operation of REST', async () => {
    const { tried, problems } = await othersRows(fuzz, 'ada');
    expect(problems).toEqual([]);
    expect(tried).toBeGreaterThan(onRows(fuzz).length);
  });
  it.each(['anonymous', 'suspended'] as const)('neither can %s do anything to one', async (caller) => {
    expect((await othersRows(fuzz, caller)).problems).toEqual([]);
  });
  it('is as good as none by every field of GraphQL that takes an id', async () => {
    const schema = buildSchema((await fuzz.wire.send({ method: 'GET', target: '/schema.graphql', headers: [] })).text);
    const before = await fingerprint(fuzz.world.app.database);
    const hidden = (
      await Promise.all([...new Set(onRows(fuzz).map(listOf))].map((path) => hiddenFrom(fuzz, 'ada', path)))
    ).flat();
    const wrong: string[] = [];
    let tried = 0;
    for (const { name } of rootFields(schema)) {
      const { kind, field } = rootField(schema, name);
      if (!field.args.some((arg) => arg.name === 'id')) continue;
      const type = getNamedType(field.type);
      const selection = isObjectType(type) ? selectionOf(type, ['id']) : '';
      const language = { schema, contract: fuzz.contract, words: fuzz.words };
      const [sample] = fc.sample(validOperation({ kind: kind as 'query', name }, language), { numRuns: 1, seed: 3 });
      const { variables } = sample.params as unknown as { variables: Record<string, unknown> };
      for (const id of hidden) {
        tried++;
        const call = graphqlCall(schema, name, { ...variables, id }, selection);
        const { data, code } = await fuzz.world.clients.ada.graphql(call.query, call.variables);
        // What only some may do at all is refused as such; a row that is not shown is not there.
        const isNothing =
          (data?.[name] ?? null) === null && (code === undefined || /(^|_)NOT_FOUND$|^FORBIDDEN$/.test(code));
        if (!isNothing) wrong.push(`${name} of ${id}: ${code} ${JSON.stringify(data)}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(tried).toBeGreaterThan(30);
    expect(await fingerprint(fuzz.world.app.database)).toBe(before);
  });
});
