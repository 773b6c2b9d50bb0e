import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { buildSchema, isInputObjectType, isObjectType, getNamedType, isNonNullType, type GraphQLSchema } from 'graphql';
import { allInputs } from '#libs/contract/input-schema.js';
import { validate } from '#libs/contract/validate.js';
import { AppError } from '#libs/errors/app-error.js';
import { publicDetails } from '#libs/errors/error-body.js';
import { locales, type Locale } from '#libs/messages/messages.js';
import type { Answer, TestClient } from '#libs/testing/clients.js';
import { domains } from '#test/domains/domains.js';
import { bodiesFor, jsonOf, type Schema } from './bodies.js';
import type { Check, Detail, LoadRules } from './client.js';

export const randomSeed = () => Math.trunc(Math.random() * 2 ** 31);
/** How many times as many generated bodies as `npm test` takes. */
export const times = Number(process.env.CASES ?? 1);

/** What a client has read of an input, in one of the languages. */
export interface Rules {
  readonly input: string;
  readonly locale: Locale;
  readonly schema: Schema;
  readonly check: Check;
}
export async function rulesOf(client: TestClient, api: string, load: LoadRules): Promise<Map<string, Rules>> {
  const { data } = (await client.get<{ data: { name: string; href: string }[] }>('/v1/meta/schemas')).body;
  const rules = data.map(async ({ name, href }, i): Promise<[string, Rules]> => {
    const locale = locales[i % locales.length];
    const schema = (await client.get<Schema>(href)).body;
    return [name, { input: name, locale, schema, check: await load(api, name, locale) }];
  });
  return new Map(await Promise.all(rules));
}

const maxDetails = 50;
const line = (details: readonly Detail[]) => details.map(({ field, code, message }) => `${field} ${code} ${message}`);
/** How the service's details differ from those that the client has foreseen; undefined when they do not. */
function difference(client: readonly Detail[], service: readonly Detail[]): string | undefined {
  const [foreseen, said] = [line(client).slice(0, maxDetails).sort(), line(service).sort()];
  if (JSON.stringify(foreseen) === JSON.stringify(said)) return undefined;
  return `the client says [${foreseen.join('; ')}], the service [${said.join('; ')}]`;
}

/** Checks one body on both sides, by the function that every operation of the service calls. */
export function disagreement({ input, locale, check }: Rules, text: string): string | undefined {
  const body = JSON.parse(text) as unknown;
  const differs = difference(check(body), detailsOf(input, locale, body));
  return differs && `${input} ${text}: ${differs}`;
}
function detailsOf(input: string, locale: Locale, body: unknown): Detail[] {
  try {
    validate(allInputs().get(input)!, body);
    return [];
  } catch (error) {
    if (error instanceof AppError && error.code === 'VALIDATION_FAILED') return publicDetails(error, locale);
    throw error;
  }
}
/** Generated bodies for an input on which client and service differ, the smallest that was found; how many were tried. */
export function generatedDisagreement(rules: Rules, seed: number, numRuns: number) {
  const tried = { valid: 0, invalid: 0 };
  const property = fc.property(bodiesFor(rules.schema), (body) => {
    const text = jsonOf(body);
    tried[rules.check(JSON.parse(text)).length === 0 ? 'valid' : 'invalid']++;
    const found = disagreement(rules, text);
    if (found !== undefined) throw new Error(found);
  });
  const { failed, errorInstance } = fc.check(property, { seed, numRuns });
  return { tried, found: failed ? (errorInstance as Error).message : undefined };
}

// ---- The operations themselves ---------------------------------------------------------------------------------

export interface Operation {
  readonly name: string;
  readonly input: string;
  readonly send: (text: string, locale: Locale) => Promise<{ status: number; code?: string; details: Detail[] }>;
}
interface OpenApi {
  paths: Record<string, Record<string, { operationId: string; requestBody?: { content: Record<string, Media> } }>>;
}
interface Media {
  schema: { $ref?: string };
}
type Caller = (text: string, headers: Record<string, string>) => Promise<Answer>;

/** Every operation of REST that takes an input. Paths lead to nothing: what is valid is then not found. */
export function restOperations({ paths }: OpenApi, call: (method: string, path: string) => Caller): Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { operationId, requestBody }]) => {
      const input = requestBody?.content['application/json'].schema.$ref?.split('/').at(-1);
      if (input === undefined) return [];
      const send: Operation['send'] = async (text, locale) => {
        const url = path.replaceAll(/\{\w+\}/g, () => randomUUID());
        const { status, body } = await call(method.toUpperCase(), url)(text, { 'accept-language': locale });
        return { status, code: body?.error?.code, details: body?.error?.details ?? [] };
      };
      return [{ name: `REST ${operationId}`, input, send }];
    }),
  );
}
/** Every mutation that takes an input. */
export function graphqlOperations(sdl: string, call: Caller): Operation[] {
  const schema: GraphQLSchema = buildSchema(sdl);
  return Object.values(schema.getMutationType()!.getFields()).flatMap((field) => {
    const input = field.args.find((argument) => isInputObjectType(getNamedType(argument.type)));
    if (!input) return [];
    const others = field.args.filter((argument) => argument !== input && isNonNullType(argument.type));
    const given = [...others.map(({ name }) => `${name}: "${randomUUID()}"`), `${input.name}: $body`].join(', ');
    const selection = isObjectType(getNamedType(field.type)) ? '{ __typename }' : '';
    const query = `mutation($body: ${String(input.type)}) { ${field.name}(${given}) ${selection} }`;
    const send: Operation['send'] = async (text, locale) => {
      const request = `{"query": ${JSON.stringify(query)}, "variables": {"body": ${text}}}`;
      const { status, body } = await call(request, { 'accept-language': locale });
      const error = body?.errors?.[0]?.extensions;
      return { status, code: error?.code, details: error?.details ?? [] };
    };
    return [{ name: `GraphQL ${field.name}`, input: getNamedType(input.type).name, send }];
  });
}

/** Codes that need to know what is stored: no schema can say them. */
const ofStored = new Set(['NOT_FOUND', 'NOT_UNIQUE', 'NOT_ALLOWED', 'IMMUTABLE']);
/** Rules that need more than a schema can say; docs/validation.md names them. */
const beyond = [/^(timeZone|displayName) FORMAT /, /^(preferences|attributes) MAX_LENGTH /];
const isBeyond = (operation: string, detail: Detail) =>
  ofStored.has(detail.code) ||
  beyond.some((rule) => rule.test(line([detail])[0])) ||
  domains.some(({ beyondSchemas }) =>
    beyondSchemas?.[operation]?.some((rule) => rule.test(`${detail.field} ${detail.code}`)),
  );

/** Sends a body and compares the answer with what the client has foreseen. */
export async function answered(
  { name, send }: Operation,
  { locale, check }: Rules,
  text: string,
): Promise<string | undefined> {
  const foreseen = check(JSON.parse(text));
  const { status, code, details } = await send(text, locale);
  const at = `${name} ${text}`;
  // `REST createClient`
  const operation = name.replace(/^\w+ /, '');
  if (status >= 500 || status === 401 || status === 403 || status === 415 || status === 429)
    return `${at}: was not looked at: ${status} ${code}`;
  if (foreseen.length === 0 && (code !== 'VALIDATION_FAILED' || details.every((detail) => isBeyond(operation, detail))))
    return undefined;
  if (foreseen.length > 0 && code !== 'VALIDATION_FAILED') return `${at}: was taken: ${status} ${code}`;
  const differs = difference(foreseen, details);
  return differs && `${at}: ${differs}`;
}
/** GraphQL reads a single value as a list and a number as an id before anything checks it (§3.5.5, §3.11). */
export function isCoerced(schema: Schema, value: unknown): boolean {
  const type = [schema.type].flat();
  if (type.includes('array')) {
    if (!Array.isArray(value)) return value !== null;
    return value.some((one) => isCoerced(schema.items!, one));
  }
  if (schema.format === 'uuid') return typeof value === 'number';
  if (!schema.properties || typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.entries(value).some(([name, v]) => {
    const property = Object.hasOwn(schema.properties!, name) ? schema.properties![name] : undefined;
    return property !== undefined && isCoerced(property, v);
  });
}
