import { GraphQLError, GraphQLScalarType, Kind, valueFromASTUntyped } from 'graphql';

const instant =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[Tt]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/** Whether a text is an RFC 3339 time of a day that exists (`Date.parse` takes 31 February). */
export function isInstant(text: string): boolean {
  if (!instant.test(text)) return false;
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8, 10))];
  return year > 0 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

export const DateTime = new GraphQLScalarType<string, string>({
  name: 'DateTime',
  description: 'A time as RFC 3339 text, in UTC with milliseconds when we send it: `2026-03-14T09:26:53.589Z`.',
  specifiedByURL: 'https://datatracker.ietf.org/doc/html/rfc3339',
  serialize: (value) => (value instanceof Date ? value.toISOString() : (value as string)),
  parseValue: (value) => {
    if (typeof value !== 'string' || !isInstant(value)) throw new GraphQLError('DateTime must be an RFC 3339 time');
    return value;
  },
  parseLiteral: (node) => {
    if (node.kind !== Kind.STRING || !isInstant(node.value))
      throw new GraphQLError('DateTime must be an RFC 3339 time');
    return node.value;
  },
});

export const SafeInt = new GraphQLScalarType<number, number>({
  name: 'SafeInt',
  description: 'An integer between -(2^53 - 1) and 2^53 - 1, sent as a JSON number.',
  serialize: (value) => value as number,
  parseValue: (value) => {
    if (!Number.isSafeInteger(value)) throw new GraphQLError('SafeInt must be an integer up to 2^53 - 1');
    return value as number;
  },
  parseLiteral: (node) => {
    const value = node.kind === Kind.INT ? Number(node.value) : NaN;
    if (!Number.isSafeInteger(value)) throw new GraphQLError('SafeInt must be an integer up to 2^53 - 1');
    return value;
  },
});

export const JsonObject = new GraphQLScalarType<Record<string, unknown>, Record<string, unknown>>({
  name: 'JSONObject',
  description: 'A JSON object.',
  specifiedByURL: 'https://datatracker.ietf.org/doc/html/rfc8259',
  serialize: (value) => value as Record<string, unknown>,
  parseValue: (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new GraphQLError('JSONObject must be a JSON object');
    return value as Record<string, unknown>;
  },
  parseLiteral: (node, variables) => {
    if (node.kind !== Kind.OBJECT) throw new GraphQLError('JSONObject must be a JSON object');
    return valueFromASTUntyped(node, variables) as Record<string, unknown>;
  },
});
