import fc from 'fast-check';
import type { CallerName } from '#test/harness/callers.js';
import type { Described } from './document.js';
import { counterexample, fuzzCallers, told, type Fuzz, type Question } from './fuzz.js';
import { problemsOfRestAnswer } from './rest-answers.js';
import { hostileRequest, sentOf, validRequest, type RestRequest } from './rest-requests.js';

export interface FuzzOptions {
  readonly seed: number;
  /** Requests that each operation gets from each caller, of each of the two kinds. */
  readonly runs: number;
  readonly callers?: readonly CallerName[];
  readonly operations?: (operation: Described) => boolean;
}

export function restQuestion(fuzz: Fuzz, operation: Described, caller: CallerName, request: RestRequest): Question {
  return {
    about: operation.id,
    isValid: request.isValid,
    sent: sentOf(operation, request, fuzz.token(caller)),
    problems: (answer) => problemsOfRestAnswer(fuzz.contract, operation, request, answer, fuzz.callerOf(caller)),
    isRefusal: ({ status }) => status >= 400,
  };
}
/** Every operation as every caller; tells what broke, one shrunk request each. */
export async function fuzzRest(fuzz: Fuzz, options: FuzzOptions): Promise<string[]> {
  const found: string[] = [];
  for (const operation of fuzz.contract.operations.filter(options.operations ?? (() => true)))
    for (const caller of options.callers ?? fuzzCallers)
      for (const make of [validRequest, hostileRequest]) {
        const wrong = await counterexample(
          `${operation.id} as ${caller}`,
          fc.noBias(make(operation, fuzz.words)),
          options,
          async (request) => {
            const { wrong: problems } = await fuzz.ask(caller, restQuestion(fuzz, operation, caller, request));
            return problems;
          },
          (request) => told(sentOf(operation, request, undefined)),
        );
        if (wrong !== undefined) found.push(wrong);
        await fuzz.restore();
      }
  return found;
}
