import fc from 'fast-check';
import { buildSchema, type GraphQLSchema } from 'graphql';
import { counterexample, fuzzCallers, told, type Fuzz } from './fuzz.js';
import { problemsOfGraphqlAnswer } from './graphql-answers.js';
import {
  hostileOperation,
  problemsOfOperation,
  rootFields,
  sentOf,
  validOperation,
  type GraphqlRequest,
  type RootField,
} from './graphql-requests.js';
import type { FuzzOptions } from './rest.js';
import type { Received } from './transport.js';

/** The schema as it is served to anybody. */
export async function servedSdl(fuzz: Fuzz): Promise<GraphQLSchema> {
  return buildSchema((await fuzz.wire.send({ method: 'GET', target: '/schema.graphql', headers: [] })).text);
}
/** Only a mutation that failed as a whole is a refusal. */
function isRefusal({ text }: Received): boolean {
  try {
    const { data } = JSON.parse(text) as { data?: Record<string, unknown> | null };
    return !data || Object.values(data).every((value) => value === null);
  } catch {
    return true;
  }
}
/** Every root field as every caller; tells what broke, one shrunk operation each. */
export async function fuzzGraphql(
  fuzz: Fuzz,
  options: Omit<FuzzOptions, 'operations'> & { fields?: (field: RootField) => boolean },
): Promise<string[]> {
  const schema = await servedSdl(fuzz);
  const language = { schema, contract: fuzz.contract, words: fuzz.words };
  const found: string[] = [];
  for (const field of rootFields(schema).filter(options.fields ?? (() => true)))
    for (const caller of options.callers ?? fuzzCallers)
      for (const make of [validOperation, hostileOperation]) {
        const ask = async (request: GraphqlRequest) => {
          const { wrong } = await fuzz.ask(caller, {
            about: `${field.kind} ${field.name}`,
            isValid: request.isValid,
            sent: sentOf(request, fuzz.token(caller)),
            problems: (answer) =>
              problemsOfGraphqlAnswer(field.name, schema, fuzz.contract, request, answer, fuzz.callerOf(caller), () =>
                problemsOfOperation(request, language),
              ),
            isRefusal,
          });
          return wrong;
        };
        const wrong = await counterexample(
          `${field.kind} ${field.name} as ${caller}`,
          fc.noBias(make(field, language)),
          options,
          ask,
          (r) => told(sentOf(r, undefined)),
        );
        if (wrong !== undefined) found.push(wrong);
        await fuzz.restore();
      }
  return found;
}
