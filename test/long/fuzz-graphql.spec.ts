import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Fuzz, fuzzRuns, fuzzSeed } from '#test/fuzz/fuzz.js';
import { fuzzGraphql, servedSdl } from '#test/fuzz/graphql.js';
import { rootFields } from '#test/fuzz/graphql-requests.js';
import { tally, tallyOf } from '#test/fuzz/tally.js';

let fuzz: Fuzz;
let found: string[] = [];
beforeAll(async () => {
  fuzz = await Fuzz.start();
});
afterAll(async () => {
  if (fuzz) tally(tallyOf(fuzz, found.length));
  await fuzz?.stop();
});

describe(`whatever is sent to GraphQL, FUZZ_SEED=${fuzzSeed}`, () => {
  it('is answered as the schema says, and nothing is accepted or refused otherwise', { timeout: 300_000 }, async () => {
    found = await fuzzGraphql(fuzz, { seed: fuzzSeed, runs: fuzzRuns });
    expect(found).toEqual([]);
  });
  it('asked for everything, and got most of it done once at least', async () => {
    expect(fuzz.counts.size).toBe(rootFields(await servedSdl(fuzz)).length);
    // A move of a resource finds one in the right state by luck alone.
    expect(fuzz.neverDone()).toSatisfy((names: string[]) => names.length < fuzz.counts.size * 0.6);
  });
  it('no statement held a value of it', () => {
    expect(fuzz.textsWithValues()).toEqual([]);
  });
});
