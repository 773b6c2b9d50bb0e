import type { FilterInput } from '#libs/database/list.js';
import type { TestDatabase } from '#libs/testing/database.js';
import type { ExternalIssuer } from '#libs/testing/external-issuer.js';
import type { Method, SurfaceTable } from '#libs/testing/surfaces.js';
import type { Caller, Expected } from '#test/matrix/expectations.js';
import type { Edited } from '#test/races/edits.js';
import type { TestApp } from './test-app.js';

/** What the first domain's part of the world is built on. */
export interface Ground {
  readonly app: TestApp;
  /** Its tokens are taken, with the role of support where the group is `helpers`. */
  readonly external: ExternalIssuer;
}
/** The same request in both languages. */
export interface Call {
  readonly rest: readonly [method: Method, path: string, body?: unknown];
  readonly graphql: readonly [field: string, args: Readonly<Record<string, unknown>>];
}
/** A path of GraphQL, and how many rows of its end an answer holds. */
export interface Path {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly count: (data: any) => number;
}
/** By operation (or `Type.field`) and situation: the same words as in the rows of `expected`. */
export type Calls<W> = Readonly<
  Record<string, Readonly<Record<string, (w: W, caller: Caller) => Call | Promise<Call>>>>
>;
export type Paths<W> = Readonly<Record<string, Readonly<Record<string, (w: W) => Path | Promise<Path>>>>>;
export interface StatementRow<W> {
  readonly name: string;
  /** How many statements PostgreSQL is sent. With 0 the request is one that is refused. */
  readonly sent: number;
  readonly ask: (w: W) => Promise<{ readonly status: number; readonly errors?: readonly unknown[] }>;
}

/**
 * All that the test runners know of a domain. `Needs` is the world that the domains before it have built, `Part` what this
 * one adds. Only `expected` has to be there; what lacks a row that it should have is told by the runners.
 */
export interface DomainTests<Needs extends Ground = any, Part extends object = any> {
  readonly name: string;
  /** Its rows in the world, with a canary in every private field. */
  readonly world?: (world: Needs) => Promise<Part>;
  /** Cases of the comparison of both APIs, by resource. Rows that only these need may be made first. */
  readonly surfaces?: (
    w: Needs & Part,
  ) => Readonly<Record<string, SurfaceTable>> | Promise<Record<string, SurfaceTable>>;
  /** Who may do what: from a file that imports nothing of the product. */
  readonly expected: Expected;
  /** How the situations of the matrix come about. */
  readonly matrix?: {
    /** What many calls need, beyond the world. */
    readonly prepare?: (w: Needs & Part) => Promise<unknown>;
    readonly calls?: Calls<Needs & Part>;
    readonly paths?: Paths<Needs & Part>;
    /** By type: the row of it that belongs to this caller, whose fields are hidden or shown. */
    readonly rowOf?: Readonly<Record<string, (w: Needs & Part, whose: Caller) => string | Promise<string>>>;
    /** By `Type.field`, of fields that no column holds: the value that the row with this id shows. */
    readonly shownValue?: Readonly<Record<string, (w: Needs & Part, id: string) => unknown>>;
  };
  /**
   * By operation: the details of VALIDATION_FAILED, as `field CODE`, for rules that no schema states, such as those that tie
   * fields together. Requests that are made from the document alone may be refused with these and no others.
   */
  readonly beyondSchemas?: Readonly<Record<string, readonly RegExp[]>>;
  /** So many rows of each of its resources, with ties in every column that lists are sorted by, and nulls where they may be. */
  readonly lists?: (database: TestDatabase, each: number) => Promise<unknown>;
  /** Sorts that no index serves because the lists are a handful of rows: `roles by createdAt`. */
  readonly shortLists?: readonly string[];
  /** Rows of its subjects for the comparison of what SQL selects with what `can` says. */
  readonly access?: {
    readonly seed: (database: TestDatabase) => Promise<unknown>;
    /** A filter on a field that may be hidden, which all rows with a value pass. */
    readonly subjects: Readonly<Record<string, readonly [field: string, filter: FilterInput] | null>>;
  };
  /** Edits that many make at once. */
  readonly edits?: readonly Edited<Needs & Part>[];
  readonly statements?: {
    readonly prepare?: (w: Needs & Part) => Promise<unknown>;
    /** Run one after the other, on the same rows. */
    readonly rows: readonly StatementRow<Needs & Part>[];
  };
}
/** For the types of `world` to be those of everything else. */
export const defineDomainTests = <Needs extends Ground, Part extends object>(
  tests: DomainTests<Needs, Part>,
): DomainTests<Needs, Part> => tests;
