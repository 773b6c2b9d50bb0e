import { getNamedType, isObjectType, type GraphQLObjectType, type GraphQLSchema } from 'graphql';
import { allErrors } from '#libs/errors/catalogue.js';
import type { Answer, GraphqlAnswer, TestClient } from './clients.js';
import { graphqlCall, rootField, selectionOf } from './graphql-call.js';
import type { Snapshot } from './snapshot.js';

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
/** One thing that a client can ask for, in both languages. Both must give the same answer. */
export interface SurfaceCase {
  readonly name: string;
  /** Name of the caller. */
  readonly as: string;
  readonly rest: readonly [method: Method, path: string, body?: unknown];
  readonly graphql: readonly [field: string, args?: Readonly<Record<string, unknown>>];
  /** Goes into `If-Match` and into `ifMatch`. */
  readonly ifMatch?: string;
  /** Asks both for these fields (`lines.quantity`) instead of leaving the choice to REST. */
  readonly fields?: readonly string[];
  /** `OK`, or the code of the error. Written by hand, so that the two cannot be wrong alike. */
  readonly outcome: string;
  /** Details of the error, as `lines.0.quantity MIN`. */
  readonly details?: readonly string[];
  /** What the document holds at least. */
  readonly shows?: Readonly<Record<string, unknown>>;
  /** Fields of the answer that are different each time, such as a secret. */
  readonly fresh?: readonly string[];
  /** How many rows the list has. */
  readonly rows?: number;
  /** REST finds out what GraphQL's types do not even let a client say: any refusal of the document will do. */
  readonly refusedBySchema?: boolean;
  /** More than the prepared state; runs before either. */
  readonly prepare?: () => Promise<unknown>;
}
export interface SurfaceTable {
  /** What REST answers with unless asked for certain fields: in lists, and for one document. */
  readonly list: readonly string[];
  readonly document: readonly string[];
  readonly cases: readonly SurfaceCase[];
}
export interface SurfacesOptions {
  readonly schema: GraphQLSchema;
  readonly client: (name: string) => TestClient;
  /** The state that everything starts from. */
  readonly snapshot: Pick<Snapshot, 'text' | 'restore'>;
}
interface Outcome {
  readonly code: string;
  readonly message?: string;
  readonly details?: readonly string[];
  /** The document, or `{ rows, next, total, isExact }`. */
  readonly value?: unknown;
  readonly version?: string;
}
/** A query that is compiled is so the second time that it is asked, and answered from then on by other code. */
const graphqlRuns = 3;

/** Runs cases through REST and through GraphQL, from the same state each time, and tells where they differ. */
export class Surfaces {
  private readonly known: Known;
  private isChanged = false;

  constructor(private readonly options: SurfacesOptions) {
    this.known = new Known(options.snapshot.text);
  }

  /** What is wrong, in words; empty when both answers are the expected ones and equal. */
  async differences(table: SurfaceTable, it: SurfaceCase): Promise<string[]> {
    if (it.prepare) this.isChanged = true;
    await this.start(it);
    const rest = this.restOutcome(it, await this.askRest(it));
    this.note(it, rest.outcome);
    const found = differs('REST, outcome', rest.outcome.code, it.outcome).concat(rest.wrong);
    if (it.details) found.push(...differs('REST, details', rest.outcome.details, it.details.toSorted()));
    if (rest.outcome.code === 'OK') found.push(...this.unexpected(it, rest.outcome.value));
    // Commands that do something have other cases with the same document.
    const runs = it.rest[0] !== 'GET' && rest.outcome.code === 'OK' ? 1 : graphqlRuns;
    for (let run = 1; run <= runs; run++) {
      await this.start(it);
      const { outcome, wrong } = this.graphqlOutcome(it, await this.askGraphql(table, it));
      this.note(it, outcome);
      const where = `GraphQL, run ${run}`;
      found.push(...wrong.map((w) => `${where}: ${w}`));
      if (it.refusedBySchema) {
        if (!['GRAPHQL_INVALID', 'VALIDATION_FAILED'].includes(outcome.code))
          found.push(`${where}: the schema should refuse it, but ${outcome.code}`);
      } else found.push(...differs(`${where} and REST`, outcome, rest.outcome));
    }
    if (it.prepare) this.isChanged = true;
    return found;
  }
  private async start(it: SurfaceCase): Promise<void> {
    if (!this.isChanged) return;
    await this.options.snapshot.restore();
    await it.prepare?.();
    this.isChanged = false;
  }
  private note(it: SurfaceCase, outcome: Outcome): void {
    if (it.rest[0] !== 'GET' && outcome.code === 'OK') this.isChanged = true;
  }
  private unexpected(it: SurfaceCase, value: unknown): string[] {
    const shown = value as Record<string, unknown> & { rows?: unknown[] };
    const wrong = it.rows === undefined ? [] : differs('rows', shown.rows?.length, it.rows);
    for (const [key, want] of Object.entries(it.shows ?? {})) wrong.push(...differs(key, shown[key], want));
    return wrong;
  }

  // ---- REST ------------------------------------------------------------------------------------------------------

  private askRest(it: SurfaceCase): Promise<Answer> {
    const [method, path, body] = it.rest;
    const url = it.fields ? `${path}${path.includes('?') ? '&' : '?'}fields=${it.fields.join()}` : path;
    const headers = it.ifMatch === undefined ? undefined : { 'if-match': it.ifMatch };
    return this.options.client(it.as).rest(method, url, { body, headers });
  }
  private restOutcome(it: SurfaceCase, answer: Answer): { outcome: Outcome; wrong: string[] } {
    const { status, body, headers } = answer;
    const wrong: string[] = [];
    if (status >= 400) {
      const error = body?.error ?? {};
      wrong.push(...differs(`REST, status of ${error.code}`, status, statusOf(error.code)));
      wrong.push(...differs('REST, correlation id', error.correlationId, headers.get('x-correlation-id')));
      return { outcome: errorOutcome(error.code, error.message, error.details), wrong };
    }
    const deletes = it.graphql[0].startsWith('delete');
    wrong.push(...differs('REST, status', status, deletes ? 204 : it.graphql[0].startsWith('create') ? 201 : 200));
    const value: unknown =
      body?.data && body.page
        ? { rows: body.data, next: body.page.next, total: body.page.total, isExact: body.page.totalIsExact }
        : body;
    const isList = value !== body;
    const version = isList ? undefined : /^"(\d+)\./.exec(headers.get('etag') ?? '')?.[1];
    return { outcome: { code: 'OK', value: this.known.normal(value, it), version }, wrong };
  }

  // ---- GraphQL ---------------------------------------------------------------------------------------------------

  private askGraphql(table: SurfaceTable, it: SurfaceCase): Promise<GraphqlAnswer> {
    const { schema, client } = this.options;
    const [name, given = {}] = it.graphql;
    const { field } = rootField(schema, name);
    const args = { ...given, ...(it.ifMatch !== undefined && { ifMatch: it.ifMatch }) };
    const unknown = Object.keys(args).find((arg) => !field.args.some((a) => a.name === arg));
    if (unknown && !it.refusedBySchema) throw new Error(`${name} has no argument ${unknown}`);
    const type = getNamedType(field.type);
    const { query, variables } = graphqlCall(
      schema,
      name,
      args,
      isObjectType(type) ? this.selection(table, it, type) : '',
    );
    return client(it.as).graphql(query, variables);
  }
  private selection(table: SurfaceTable, it: SurfaceCase, type: GraphQLObjectType): string {
    const { nodes, etag } = type.getFields();
    if (nodes) {
      const rows = selectionOf(getNamedType(nodes.type) as GraphQLObjectType, it.fields ?? table.list);
      const count = it.rest[1].includes('count=true') ? ' totalCount totalCountIsExact' : '';
      return ` { nodes${rows} pageInfo { hasNextPage endCursor }${count} }`;
    }
    const document = selectionOf(type, it.fields ?? table.document);
    return etag ? document.replace(/}$/, 'etag }') : document;
  }
  private graphqlOutcome(it: SurfaceCase, answer: GraphqlAnswer): { outcome: Outcome; wrong: string[] } {
    const [name] = it.graphql;
    const [error] = answer.errors;
    if (error) {
      const { code, details, correlationId } = error.extensions as typeof error.extensions & { correlationId: string };
      const wrong = differs('correlation id', correlationId, answer.headers.get('x-correlation-id'));
      wrong.push(...differs('number of errors', answer.errors.length, 1));
      if (answer.data?.[name]) wrong.push('an error and data');
      return { outcome: errorOutcome(code, error.message, details), wrong };
    }
    const data = structuredClone(answer.data) as Record<string, unknown>;
    for (const path of (answer.body?.extensions?.hidden ?? []) as (string | number)[][]) leaveOut(data, path);
    // Nothing is left to be shown of what was deleted; GraphQL, which has to answer something, says what it was.
    if (typeof data[name] === 'string')
      return { outcome: { code: 'OK' }, wrong: differs('id', data[name], it.graphql[1]?.id) };
    const value = data[name] as Record<string, any>;
    if (value?.nodes)
      return {
        outcome: {
          code: 'OK',
          value: this.known.normal(
            {
              rows: value.nodes,
              next: value.pageInfo.hasNextPage ? value.pageInfo.endCursor : null,
              total: value.totalCount,
              isExact: value.totalCountIsExact,
            },
            it,
          ),
        },
        wrong: [],
      };
    const version = /^"(\d+)\./.exec(value?.etag ?? '')?.[1];
    if (value) delete value.etag;
    return { outcome: { code: 'OK', value: this.known.normal(value, it), version }, wrong: [] };
  }
}

const statusOf = (code: string) => allErrors().find((row) => row.code === code)?.status;
function errorOutcome(code: string, message: string, details: { field: string; code: string }[] = []): Outcome {
  return { code, message, details: details.map((d) => `${notation(d.field)} ${d.code}`).sort() };
}
/** GraphQL's words for list arguments in REST's: `filter.placedAt.gte` is `placedAt`, `first` is `limit`. */
function notation(field: string): string {
  if (field === 'first') return 'limit';
  return field.replace(/^filter\./, '').replace(/\.(eq|ne|in|gte?|lte?|contains|has)(\.\d+)?$/, '');
}

function leaveOut(from: unknown, path: readonly (string | number)[]): void {
  let at = from as Record<string | number, unknown> | undefined;
  for (const key of path.slice(0, -1)) at = at?.[key] as typeof at;
  if (at) delete at[path.at(-1)!];
}

const uuids = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const times = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)/g;
/** What was there before. Ids and times that a command made differ from run to run, and in nothing else. */
class Known {
  private readonly ids: ReadonlySet<string>;
  private readonly times: ReadonlySet<number>;

  constructor(text: string) {
    this.ids = new Set(text.match(uuids));
    this.times = new Set(text.match(times)?.map((t) => Date.parse(t)));
  }
  normal(value: unknown, it: SurfaceCase): unknown {
    if (value === undefined) return undefined;
    const given = new Set(JSON.stringify([it.rest, it.graphql]).match(uuids));
    const text = JSON.stringify(value, (key, v: unknown) => (it.fresh?.includes(key) ? '<fresh>' : v))
      .replaceAll(uuids, (id) => (this.ids.has(id) || given.has(id) ? id : '<new id>'))
      .replaceAll(times, (t) => (this.times.has(Date.parse(t)) ? t : '<now>'));
    return JSON.parse(text) as unknown;
  }
}

/** Where two values differ, one line a place. */
export function differs(at: string, got: unknown, want: unknown): string[] {
  if (Object.is(got, want)) return [];
  const isTree = (v: unknown): v is Record<string, unknown> => typeof v === 'object' && v !== null;
  if (!isTree(got) || !isTree(want) || Array.isArray(got) !== Array.isArray(want))
    return [`${at}: ${JSON.stringify(got)} instead of ${JSON.stringify(want)}`];
  return [...new Set([...Object.keys(got), ...Object.keys(want)])].flatMap((key) =>
    key in got && key in want
      ? differs(`${at}, ${key}`, got[key], want[key])
      : got[key] === want[key]
        ? []
        : [
            `${at}, ${key}: ${key in got ? JSON.stringify(got[key]) : 'absent'} instead of ${key in want ? JSON.stringify(want[key]) : 'absent'}`,
          ],
  );
}
