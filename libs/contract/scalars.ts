import { GraphQLError, GraphQLScalarType, Kind, valueFromASTUntyped } from 'graphql';

// Patterns that any regular expression engine reads alike: no lookahead, no `\d`, no flags.
const year = '([0-9]{3}[1-9]|[0-9]{2}[1-9]0|[0-9][1-9]00|[1-9]000)';
const multipleOfFour = '(0[48]|[2468][048]|[13579][26])';
const leapYear = `([0-9]{2}${multipleOfFour}|${multipleOfFour}00)`;
const day = '((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))';
const hour = '([01][0-9]|2[0-3])';
const date = `(${year}-${day}|${leapYear}-02-29)`;
const time = `${hour}:[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?`;

/** An RFC 3339 time of a day that exists, of the years 1 to 9999, without leap seconds: what PostgreSQL can hold. */
export const instantPattern = `^${date}[Tt]${time}([Zz]|[+-]${hour}:[0-5][0-9])$`;
/** A UUID (RFC 9562) as hexadecimal digits in groups. */
export const idPattern = '^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$';
const atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const label = '[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?';
/** An address as mail servers take it, without quoted parts, comments or IP addresses. */
export const emailPattern = `^${atom}(\\.${atom})*@(${label}\\.)+${label}$`;

const instant = new RegExp(instantPattern);
export const isInstant = (text: string): boolean => instant.test(text);

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
