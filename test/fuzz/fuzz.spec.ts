// A little of what `npm run test:long` does at length, with the same requests every day.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Fuzz } from './fuzz.js';
import { fuzzGraphql, servedSdl } from './graphql.js';
import { rootFields } from './graphql-requests.js';
import { fuzzRest } from './rest.js';

let fuzz: Fuzz;
beforeAll(async () => {
  fuzz = await Fuzz.start();
});
afterAll(() => fuzz?.stop());

const some = { seed: 20_261_124, runs: 1, callers: ['admin', 'ada'] } as const;

describe('whatever is sent', { timeout: 120_000 }, () => {
  it('to REST is answered as the document says', async () => {
    expect(await fuzzRest(fuzz, some)).toEqual([]);
  });
  it('to GraphQL is answered as the schema says', async () => {
    expect(await fuzzGraphql(fuzz, some)).toEqual([]);
  });
  it('is everything that there is', async () => {
    const fields = rootFields(await servedSdl(fuzz));
    expect(fuzz.counts.size).toBe(fuzz.contract.operations.length + fields.length);
  });
  it('is in the text of no statement', () => {
    expect(fuzz.textsWithValues()).toEqual([]);
  });
});
