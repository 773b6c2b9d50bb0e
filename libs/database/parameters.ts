import {
  isRaw,
  JsonProperty,
  raw,
  type AnyEntity,
  type EntityData,
  type LoggingOptions,
  type QueryResult,
  type RawQueryFragment,
  type Transaction,
  Utils,
} from '@mikro-orm/core';
import { NativeQueryBuilder, PostgreSqlConnection, PostgreSqlDriver } from '@mikro-orm/postgresql';
import { CompiledQuery, type Kysely } from 'kysely';

/** A statement of MikroORM with a place (`$1`) for each value. */
interface Parameterized {
  readonly text: string;
  readonly values: unknown[];
}
/** An identifier, an escaped question mark, or a value. */
const placeholder = /\?\?|\\\?|\?/g;

/**
 * MikroORM's own `formatQuery` writes values into the text, quoted. What somebody sent must not be text of a statement,
 * however well it is quoted, and one statement must be one text whatever its values are.
 */
export function parameterized(
  quoteIdentifier: (name: string) => string,
  sql: string,
  params: readonly unknown[],
): Parameterized {
  const values: unknown[] = [];
  const place = (value: unknown): string => {
    if (isRaw(value)) return fill(value.sql, value.params);
    // As in `in (?)`; columns of arrays come as text, in PostgreSQL's own notation.
    if (Array.isArray(value) && !hasJsonMark(value)) return value.map(place).join(', ');
    values.push(wireValue(value));
    return `$${values.length}`;
  };
  const fill = (text: string, given: readonly unknown[]): string => {
    if (given.length === 0) return text;
    let next = 0;
    return text.replaceAll(placeholder, (found) =>
      found === '\\?' ? '?' : found === '??' ? quoteIdentifier(given[next++] as string) : place(given[next++]),
    );
  };
  return { text: fill(sql, params), values };
}
/** How MikroORM marks the value of a JSON column. */
const hasJsonMark = (value: unknown): boolean =>
  (value as { [JsonProperty]?: boolean } | null | undefined)?.[JsonProperty] === true;
function wireValue(value: unknown): unknown {
  if (Utils.isPlainObject(value) || hasJsonMark(value)) return JSON.stringify(value);
  return typeof value === 'bigint' ? value.toString() : value;
}

class ParameterConnection extends PostgreSqlConnection {
  override async execute<
    T extends QueryResult | EntityData<AnyEntity> | EntityData<AnyEntity>[] = EntityData<AnyEntity>[],
  >(
    query: string | NativeQueryBuilder | RawQueryFragment,
    params: readonly unknown[] | Record<string, unknown> = [],
    method: 'all' | 'get' | 'run' = 'all',
    transaction?: Transaction,
    log?: LoggingOptions,
  ): Promise<T> {
    const { sql, params: given } = rawOf(query, params);
    const { text, values } = parameterized((name) => this.platform.quoteIdentifier(name), sql, given);
    const context = {
      executeQuery: (_: unknown, options: never) =>
        ((transaction as Kysely<unknown> | undefined) ?? this.getClient<unknown>()).executeQuery(
          CompiledQuery.raw(text, values),
          options,
        ),
    };
    return super.execute<T>(text, [], method, context, log);
  }
}
function rawOf(
  query: string | NativeQueryBuilder | RawQueryFragment,
  params: readonly unknown[] | Record<string, unknown>,
) {
  if (query instanceof NativeQueryBuilder) return query.toRaw();
  if (isRaw(query)) return query;
  return Array.isArray(params) ? { sql: query, params } : raw(query, params as Record<string, unknown>);
}

/** PostgreSQL for MikroORM, with values beside the text of its statements. */
export class ParameterDriver extends PostgreSqlDriver {
  protected override readonly connection = new ParameterConnection(this.config);
}
