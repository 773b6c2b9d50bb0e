import { createHash } from 'node:crypto';
import { buildAnd, FieldCondition, type Condition } from '@ucast/core';
import { AppError } from '#libs/errors/app-error.js';
import { commonErrors } from '#libs/errors/common-errors.js';
import { isInstant } from '#libs/contract/scalars.js';
import { readable, type Access, type Rights } from './access.js';
import { parseSort, type Read, type SortKey } from './compiler.js';
import { lower } from './conditions.js';
import type { Column, Operator, Resource } from './resource.js';
import type { Selection } from './selection.js';

export type FilterInput = Readonly<Record<string, Readonly<Partial<Record<Operator, unknown>>>>>;
/** What a caller wants to see of a document. */
export interface Ask {
  readonly selection: Selection;
  /** Hidden fields are null and named under the `hidden` symbol instead of left out: GraphQL's way. */
  readonly nullHidden?: boolean;
}
/** What a list is asked for, by either API. */
export interface ListInput extends Ask {
  readonly filter?: FilterInput;
  readonly q?: string;
  /** `-placedAt,totalAmount` */
  readonly sort?: string;
  readonly after?: string;
  readonly limit?: number;
  /** What the caller's API calls the limit; `limit` unless told. */
  readonly limitName?: string;
  readonly count?: boolean;
  /** Whether the answer shows that there are more rows, and each row's cursor. Default: both. */
  readonly peek?: boolean;
  readonly cursors?: boolean;
}
const maxIn = 100;
const maxSearchWords = 10;

export const invalid = (field: string, code: string, params?: Record<string, string | number>) =>
  new AppError(commonErrors.VALIDATION_FAILED, { details: [{ field, code, ...(params && { params }) }] });

/** Whether a whole number is one that PostgreSQL's `integer` holds. */
export const isInt32 = (number: number): boolean => number >= -2147483648 && number <= 2147483647;
export const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

/** JSON Schema, and so the published document, counts characters and not the units of UTF-16. */
const isLonger = (text: string, max: number): boolean => text.length > max && Array.from(text).length > max;

function checkedText(path: string, text: string): string {
  if (isLonger(text, 500)) throw invalid(path, 'MAX_LENGTH', { max: 500 });
  // What PostgreSQL text cannot hold.
  if (text.includes('\u0000') || !text.isWellFormed()) throw invalid(path, 'FORMAT');
  return text;
}
/** A client's value as the column's, or VALIDATION_FAILED: a wrong one must not reach PostgreSQL. */
function valueOf(column: Column, path: string, value: unknown): unknown {
  const text = String(value);
  switch (column.kind) {
    case 'id':
      if (!isUuid(text)) throw invalid(path, 'FORMAT');
      return text.toLowerCase();
    case 'email':
      // Addresses are kept in lower case.
      return checkedText(path, text).toLowerCase();
    case 'int':
    case 'bigint': {
      const number = Number(text);
      if (!/^-?\d{1,16}$/.test(text) || !Number.isSafeInteger(number))
        throw invalid(path, 'TYPE', { expected: 'integer' });
      if (column.kind === 'int' && !isInt32(number))
        throw number < 0 ? invalid(path, 'MIN', { min: -2147483648 }) : invalid(path, 'MAX', { max: 2147483647 });
      return number;
    }
    case 'flag':
      if (text !== 'true' && text !== 'false') throw invalid(path, 'TYPE', { expected: 'boolean' });
      return text === 'true';
    case 'instant':
      if (!isInstant(text)) throw invalid(path, 'FORMAT');
      return text;
    case 'choice':
      if (!column.field!.values!.includes(text))
        throw invalid(path, 'ENUM', { allowed: column.field!.values!.join(', ') });
      return text;
    default:
      return checkedText(path, text);
  }
}
/** What an error says of a name that a list does not know, or that the caller may not use. */
export function notAllowed(name: string, names: readonly string[], field = name) {
  const allowed = names.join(', ') || '–';
  return { params: { field: name, allowed }, details: [{ field, code: 'NOT_ALLOWED', params: { allowed } }] };
}

/** Checks a list against definition and rights; both APIs come through here. Errors name what is allowed. */
export function listRead(resource: Resource, access: Access, input: ListInput): Read {
  const rights = access.rights(resource);
  const { conditions, filtered } = filterConditions(resource, rights, input.filter ?? {});
  const sort = sortKeys(resource, rights, input.sort);
  const limit = input.limit ?? resource.defaultLimit;
  const limitName = input.limitName ?? 'limit';
  if (limit < 1) throw invalid(limitName, 'MIN', { min: 1 });
  if (limit > resource.maxLimit) throw invalid(limitName, 'MAX', { max: resource.maxLimit });
  const read: Read = {
    resource,
    access,
    selection: input.selection,
    nullHidden: input.nullHidden,
    peek: input.peek ?? true,
    cursors: input.cursors ?? true,
    sort,
    limit,
    ...(filtered.length > 0 && { filtered }),
    ...(conditions.length > 0 && { filter: lower(buildAnd(conditions)) }),
    ...(input.q !== undefined && { search: searchQuery(resource, input.q) }),
  };
  return input.after === undefined
    ? read
    : { ...read, after: decodeCursor(resource, sort, scopeOf(read), input.after) };
}
function filterConditions(resource: Resource, rights: Rights, filter: FilterInput) {
  const conditions: Condition[] = [];
  const filtered: string[] = [];
  for (const [name, operators] of Object.entries(filter)) {
    const declared = Object.hasOwn(resource.filters, name) ? resource.filters[name] : undefined;
    const column = resource.columns.get(name);
    if (!declared || !column || !mayUse(resource, rights, name))
      throw new AppError(commonErrors.FILTER_NOT_ALLOWED, {
        ...notAllowed(name, usable(resource, rights, Object.keys(resource.filters))),
      });
    if (column.field?.restrictable) filtered.push(column.field.name);
    for (const [operator, value] of Object.entries(operators ?? {})) {
      if (value === undefined || value === null) continue;
      if (!declared.includes(operator as Operator))
        throw new AppError(commonErrors.FILTER_NOT_ALLOWED, {
          ...notAllowed(`${name}[${operator}]`, declared),
        });
      if (operator !== 'in') conditions.push(new FieldCondition(operator, name, valueOf(column, name, value)));
      else {
        const values = value as unknown[];
        if (values.length > maxIn) throw invalid(name, 'MAX_ITEMS', { max: maxIn });
        conditions.push(
          new FieldCondition(
            'in',
            name,
            values.map((v) => valueOf(column, name, v)),
          ),
        );
      }
    }
  }
  return { conditions, filtered };
}
function mayUse(resource: Resource, rights: Rights, name: string): boolean {
  const { field } = resource.column(name);
  return !field || readable(rights, resource, field.name) !== undefined;
}
const usable = (resource: Resource, rights: Rights, names: readonly string[]) =>
  names.filter((name) => mayUse(resource, rights, name));

function sortKeys(resource: Resource, rights: Rights, text: string | undefined): SortKey[] {
  const keys = parseSort(text ?? resource.definition.defaultSort ?? '-id');
  const sortable = (name: string) => {
    const { field } = resource.column(name);
    // Sorting by what is hidden in some rows would tell it.
    return !field || readable(rights, resource, field.name) === true;
  };
  const seen = new Set<string>();
  for (const key of keys) {
    const known = key.name === 'id' || resource.sorts.includes(key.name);
    if (!known || !sortable(key.name) || seen.has(key.name))
      throw new AppError(commonErrors.SORT_NOT_ALLOWED, {
        ...notAllowed(key.name, ['id', ...resource.sorts].filter(sortable), 'sort'),
      });
    seen.add(key.name);
  }
  if (!seen.has('id')) keys.push({ name: 'id', desc: keys[keys.length - 1].desc });
  return keys;
}
/** Words of the text, each as a prefix, all of them needed. A text without words finds nothing. */
function searchQuery(resource: Resource, text: string): string {
  if (!resource.definition.search)
    throw new AppError(commonErrors.FILTER_NOT_ALLOWED, {
      ...notAllowed('q', Object.keys(resource.filters)),
    });
  if (isLonger(text, 200)) throw invalid('q', 'MAX_LENGTH', { max: 200 });
  const words = text.match(/[\p{L}\p{N}]+/gu)?.slice(0, maxSearchWords) ?? [];
  return words.map((word) => `'${word.toLowerCase()}':*`).join(' & ');
}

/** What a cursor belongs to: a list with its sort and filters, whoever reads it. */
export function scopeOf({ resource, sort, filter, filtered, search }: Read): string {
  const keys = sort!.map((k) => (k.desc ? '-' : '') + k.name).join();
  const scope = JSON.stringify([resource.name, keys, filter?.key, filter?.values, filtered, search]);
  return createHash('sha1').update(scope).digest('base64url').slice(0, 8);
}
/** The position of a row in the list that `scope` stands for; in another one it is refused. */
export const encodeCursor = (scope: string, values: readonly unknown[]): string =>
  Buffer.from(JSON.stringify([scope, ...values])).toString('base64url');
function decodeCursor(resource: Resource, sort: readonly SortKey[], scope: string, cursor: string): unknown[] {
  try {
    const [of, ...values] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    if (of !== scope || values.length !== sort.length) throw new Error('another list');
    return values.map((v, i) => {
      const column = resource.column(sort[i].name);
      if (v === null && !column.nullable) throw new Error('null');
      return v === null ? null : valueOf(column, 'after', v);
    });
  } catch (cause) {
    throw new AppError(commonErrors.CURSOR_INVALID, { cause });
  }
}
