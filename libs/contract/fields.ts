import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { Field as GraphQLField, ID, InputType, Int as GraphQLInt, ObjectType, registerEnumType } from '@nestjs/graphql';
import { DateTime, JsonObject, SafeInt } from './scalars.js';

export type Kind = 'id' | 'int' | 'bigint' | 'text' | 'email' | 'flag' | 'instant' | 'choice' | 'json' | 'nested';
/** A class that can be made without arguments: every view and input is one. */
export type Type<T extends object = object> = abstract new () => T;

/** What one field of a view or an input is: the single source of OpenAPI, SDL, validation, serialization and SELECT. */
export interface FieldMeta {
  readonly name: string;
  readonly kind: Kind;
  readonly description: string;
  /** Of a list, one entry, or a list of them. */
  readonly example?: unknown;
  /** `null` is a value of it. */
  readonly nullable: boolean;
  /** Inputs: it may be absent. */
  readonly optional: boolean;
  /** Views: rights may hide it, so it may be absent in REST and null in GraphQL. */
  readonly restrictable: boolean;
  readonly list: boolean;
  readonly min?: number;
  readonly max?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly format?: string;
  readonly enumName?: string;
  readonly values?: readonly string[];
  readonly of?: () => Type;
  /**
   * Money and other embedded values: the columns of the row that make up the nested value, by its field. None of a value
   * that is computed.
   */
  readonly columns?: Readonly<Record<string, string>>;
}
type Options = Partial<Omit<FieldMeta, 'name' | 'kind' | 'values' | 'of' | 'enumName'>> & { description: string };
type NumberOptions = Options & { min?: number; max?: number };

/** No control characters but tab, line feed and carriage return, and no lone surrogates: what PostgreSQL text can hold. */
export const textPattern = '^[^\\u0000-\\u0008\\u000B\\u000C\\u000E-\\u001F\\u007F\\uD800-\\uDFFF]*$';
const defaultMaxLength = 500;
const defaultMaxItems = 1000;
const int32 = { min: -2147483648, max: 2147483647 };

const fieldsByPrototype = new Map<object, Map<string, FieldMeta>>();
const contracts = new Map<unknown, { name: string; description: string; role: 'view' | 'input' }>();

/** All fields of a class, its bases' first, in the order of declaration. */
export function fieldsOf(contract: Type): ReadonlyMap<string, FieldMeta> {
  const chain: object[] = [];
  for (let p = contract.prototype as object; p && p !== Object.prototype; p = Object.getPrototypeOf(p) as object)
    chain.unshift(p);
  const all = new Map<string, FieldMeta>();
  for (const prototype of chain) for (const [name, meta] of fieldsByPrototype.get(prototype) ?? []) all.set(name, meta);
  return all;
}
function aboutContract(contract: Type) {
  const found = contracts.get(contract);
  if (!found) throw new Error(`${contract.name} carries neither @View nor @Input`);
  return found;
}
/** The name that a class has in OpenAPI and in the SDL. */
export const contractName = (contract: Type): string => aboutContract(contract).name;
/** What its decorator says of a class. */
export const descriptionOf = (contract: Type): string => aboutContract(contract).description;
export const allContracts = (): [Type, { name: string; description: string; role: 'view' | 'input' }][] =>
  [...contracts] as never;

function graphqlType(meta: FieldMeta): unknown {
  switch (meta.kind) {
    case 'id':
      return ID;
    case 'int':
      return GraphQLInt;
    case 'bigint':
      return SafeInt;
    case 'flag':
      return Boolean;
    case 'instant':
      return DateTime;
    case 'json':
      return JsonObject;
    case 'choice':
      return enums.get(meta.enumName!);
    case 'nested':
      return meta.of!();
    default:
      return String;
  }
}
/** Puts one field on a prototype: our registry, GraphQL and Swagger (which only has to find the nested classes). */
function declare(target: object, meta: FieldMeta): void {
  if (!fieldsByPrototype.has(target)) fieldsByPrototype.set(target, new Map());
  fieldsByPrototype.get(target)!.set(meta.name, meta);
  const type = () => (meta.list ? [graphqlType(meta)] : graphqlType(meta));
  // Swagger knows a lazy type by the name of the function: it must be `type`.
  const api = meta.kind === 'nested' ? { type: () => meta.of!(), isArray: meta.list } : { type: String };
  applyDecorators(
    GraphQLField(type as never, {
      nullable: meta.nullable || meta.optional || meta.restrictable,
      description: meta.description,
    }),
    ApiProperty(api as never),
  )(target, meta.name);
}
const field =
  (kind: Kind, options: Options & Partial<FieldMeta>): PropertyDecorator =>
  (target, key) =>
    declare(target, {
      nullable: false,
      optional: false,
      restrictable: false,
      list: false,
      ...options,
      name: String(key),
      kind,
    });

/** A UUID (RFC 9562). */
export const Id = (o: Options) => field('id', { example: '0197f5a0-5a4c-7c3e-9d2b-3f6f5a1b2c3d', ...o });
/** A 32-bit integer. */
export const Int = (o: NumberOptions) => field('int', { ...int32, example: Math.max(o.min ?? 0, 1), ...o });
/** An integer up to 2^53 - 1. */
export const BigInteger = (o: NumberOptions) =>
  field('bigint', { min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER, example: 4990, ...o });
/** Text without control characters; up to 500 characters unless told. */
export const Text = (o: Options) =>
  field('text', {
    maxLength: defaultMaxLength,
    pattern: textPattern,
    ...(o.list && { maxItems: defaultMaxItems }),
    ...o,
  });
export const Email = (o: Options) =>
  field('email', { maxLength: 254, format: 'email', example: 'ada@tandem.example', ...o });
export const Flag = (o: Options) => field('flag', { example: true, ...o });
/** A time, RFC 3339 in UTC with milliseconds on the way out, any offset on the way in. */
export const Instant = (o: Options) =>
  field('instant', { format: 'date-time', maxLength: 35, example: '2026-03-14T09:26:53.589Z', ...o });
/** A JSON object of up to 100 properties; how deep and how large is bounded by the body's limits. */
export const Json = (o: Options) => field('json', { example: { color: 'blue' }, ...o });

const enums = new Map<string, object>();
/** The object behind an enum's name. */
export const enumObject = (name: string): object => enums.get(name)!;
/** One of the values of an UPPER_SNAKE enum object; `descriptions` documents each value in the SDL. */
export function Choice(
  name: string,
  values: Readonly<Record<string, string>>,
  o: Options & { descriptions?: Readonly<Record<string, string>> },
): PropertyDecorator {
  if (!enums.has(name)) {
    enums.set(name, values);
    registerEnumType(values, {
      name,
      description: `${name}: one of ${Object.values(values).join(', ')}.`,
      valuesMap: Object.fromEntries(
        Object.keys(values).map((v) => [v, { description: o.descriptions?.[v] ?? sentence(v) }]),
      ),
    });
  } else if (enums.get(name) !== values) throw new Error(`enum ${name} is defined twice`);
  return field('choice', {
    ...(o.list && { maxItems: Object.keys(values).length, uniqueItems: true }),
    example: Object.values(values)[0],
    ...o,
    enumName: name,
    values: Object.values(values),
  });
}
const sentence = (value: string) => value.charAt(0) + value.slice(1).toLowerCase().replaceAll('_', ' ') + '.';

/** Another view or input as a value. */
export const One = (of: () => Type, o: Options & { columns?: Record<string, string> }) => field('nested', { ...o, of });
/** A list of another view or input. */
export const Many = (of: () => Type, o: Options) =>
  field('nested', { maxItems: defaultMaxItems, ...o, of, list: true });

/** The twin of the `ETag` header, which GraphQL cannot send for a single field; resolved from `version`. */
const declareEtag = (prototype: object) =>
  GraphQLField(() => String, {
    description: 'The version as an entity tag: give it as `ifMatch` to change only what you have seen.',
  })(prototype, 'etag');

function contract(role: 'view' | 'input', name: string, description: string): ClassDecorator {
  return (target) => {
    if ([...contracts.values()].some((c) => c.name === name)) throw new Error(`contract ${name} is defined twice`);
    contracts.set(target, { name, description, role });
    // GraphQL and Swagger look for fields on the class itself, so those of bases are declared again here.
    const { prototype } = target as unknown as { prototype: object };
    for (const meta of fieldsOf(target as unknown as Type).values())
      if (!fieldsByPrototype.get(prototype)?.has(meta.name)) declare(prototype, meta);
    ApiSchema({ name, description })(target);
    if (role === 'input') InputType(name, { description })(target);
    else {
      ObjectType(name, { description })(target);
      if (fieldsOf(target as unknown as Type).has('version')) declareEtag(prototype);
    }
  };
}
/** A shape that goes out, by this name in both APIs. */
export const View = (name: string, description: string) => contract('view', name, description);
/** A shape that comes in, by this name in both APIs; fields it does not name are refused. */
export const Input = (name: string, description: string) => contract('input', name, description);

/**
 * A class with the same fields, all of them optional: the input of a JSON Merge Patch (RFC 7396).
 * `null` stays an error where the field is not nullable.
 */
export function PartialOf<T extends object>(base: Type<T>): abstract new () => Partial<T> {
  abstract class Derived {}
  for (const meta of fieldsOf(base).values()) declare(Derived.prototype, { ...meta, optional: true });
  return Derived;
}
/** A class with some of the fields. */
export function PickOf<T extends object, K extends keyof T & string>(
  base: Type<T>,
  names: readonly K[],
): abstract new () => Pick<T, K> {
  abstract class Derived {}
  const fields = fieldsOf(base);
  for (const name of names) declare(Derived.prototype, fields.get(name)!);
  return Derived as never;
}
