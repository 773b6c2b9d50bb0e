import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Described } from '#test/fuzz/document.js';
import { Fuzz, fuzzCallers, fuzzSeed, told } from '#test/fuzz/fuzz.js';
import { sentOf, validRequest, type RestRequest } from '#test/fuzz/rest-requests.js';
import { restQuestion } from '#test/fuzz/rest.js';
import { tally, tallyOf } from '#test/fuzz/tally.js';

let fuzz: Fuzz;
const added: string[] = [];
beforeAll(async () => {
  fuzz = await Fuzz.start();
});
afterAll(async () => {
  if (fuzz) tally(tallyOf(fuzz, added.length));
  await fuzz?.stop();
});

/** Parts of a request that say which statement it takes; everything else is a value. */
const shaping = new Set(['fields', 'sort', 'count']);
/** The same request with other values; one value stays one, and several stay several. */
function withOtherValues(request: RestRequest, others: readonly RestRequest[]): RestRequest {
  const isList = (text: string) => text.includes('%2C');
  const other = (name: string, text: string) =>
    others
      .flatMap(({ query }) => query)
      .find(([of, value]) => of === name && value !== text && isList(value) === isList(text))?.[1] ?? text;
  return {
    ...request,
    path: others.find(({ path }) => path.some(([, text], i) => text !== request.path[i][1]))?.path ?? request.path,
    query: request.query.map(([name, text]) => [name, shaping.has(name) ? text : other(name, text)] as const),
  };
}

describe(`texts of statements, FUZZ_SEED=${fuzzSeed}`, () => {
  it('are those of the shapes that were asked before, whatever the values are', { timeout: 300_000 }, async () => {
    const reads = fuzz.contract.operations.filter(({ method }) => method === 'get');
    let twins = 0;
    for (const operation of reads)
      for (const caller of fuzzCallers) {
        const requests = fc.sample(validRequest(operation, fuzz.words), { numRuns: 12, seed: fuzzSeed });
        let made = 0;
        for (const request of requests) {
          if (made === 4) break;
          if ((await ask(operation, caller, request)) >= 400) continue;
          const twin = withOtherValues(request, requests);
          if (told(sentOf(operation, twin, undefined)) === told(sentOf(operation, request, undefined))) continue;
          made++;
          twins++;
          const known = new Set(fuzz.texts);
          await ask(operation, caller, twin);
          for (const text of fuzz.texts)
            if (!known.has(text))
              added.push(`${operation.id} as ${caller}\n${told(sentOf(operation, twin, undefined))}\n${text}`);
        }
      }
    expect(added).toEqual([]);
    expect(twins).toBeGreaterThan(reads.length * 6);
  });
  it('hold no value', () => {
    expect(fuzz.textsWithValues()).toEqual([]);
  });
});
async function ask(operation: Described, caller: (typeof fuzzCallers)[number], request: RestRequest): Promise<number> {
  const { answer, wrong } = await fuzz.ask(caller, restQuestion(fuzz, operation, caller, request));
  expect(wrong).toEqual([]);
  return answer.status;
}
