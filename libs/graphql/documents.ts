import { Injectable, Logger } from '@nestjs/common';
import { Config } from '#libs/config/config.js';
import { invalid } from '#libs/database/list.js';
import { AppError } from '#libs/errors/app-error.js';
import { graphqlErrors } from './graphql.errors.js';
import { PersistedQueries, sha256 } from './persisted-queries.js';
import { readSafelist, type Safelist } from './safelist.js';

/** A document that is stored under this hash once it has been found to fit the schema. */
export interface NewDocument {
  readonly hash: string;
  readonly text: string;
}
const maxReported = 1000;

/** Which document a request runs: the text that it sends, or the one that it names by its hash. And whether it may. */
@Injectable()
export class Documents {
  private readonly logger = new Logger('GraphQL');
  private readonly safelist?: Safelist;
  private readonly enforced: boolean;
  private readonly reported = new Set<string>();

  constructor(
    config: Config,
    private readonly persisted: PersistedQueries,
  ) {
    const { safelist } = config.graphql;
    if (safelist) this.safelist = readSafelist(safelist.file);
    this.enforced = safelist?.mode === 'enforce';
  }
  /** The text to run, and what is new about it. `query` is undefined where the request holds no text. */
  resolve(query: string | undefined, extensions: unknown): { text: string; fresh?: NewDocument } {
    const hash = hashOf(extensions);
    if (hash === undefined) {
      if (query === undefined) throw invalid('query', 'REQUIRED');
      this.admit(query);
      return { text: query };
    }
    if (query === undefined) {
      const listed = this.safelist?.find(hash);
      if (listed !== undefined) return { text: listed };
      const text = this.persisted.find(hash);
      if (text === undefined) throw new AppError(graphqlErrors.PERSISTED_QUERY_NOT_FOUND);
      this.admit(text);
      return { text };
    }
    if (!this.persisted.isHashOf(hash, query)) throw new AppError(graphqlErrors.PERSISTED_QUERY_MISMATCH);
    this.admit(query);
    return { text: query, fresh: { hash, text: query } };
  }
  store({ hash, text }: NewDocument): void {
    this.persisted.store(hash, text);
  }
  /** QUERY_NOT_LISTED where only listed documents run and this is none. */
  private admit(text: string): void {
    if (!this.safelist || this.safelist.has(text)) return;
    if (this.enforced) throw new AppError(graphqlErrors.QUERY_NOT_LISTED);
    const hash = sha256(text);
    if (this.reported.has(hash) || this.reported.size >= maxReported) return;
    this.reported.add(hash);
    // Its text can hold private literals, so the log names the document by its hash and the request by its correlation id.
    this.logger.warn({ hash }, 'a document that is not on the safelist was let through');
  }
}

/** The hash of `extensions.persistedQuery`, lower case; undefined when there is none. */
function hashOf(extensions: unknown): string | undefined {
  const asked = (extensions as { persistedQuery?: unknown } | undefined)?.persistedQuery;
  if (asked === undefined || asked === null) return undefined;
  const field = 'extensions.persistedQuery';
  if (typeof asked !== 'object' || Array.isArray(asked)) throw invalid(field, 'TYPE', { expected: 'object' });
  const { version, sha256Hash } = asked as { version?: unknown; sha256Hash?: unknown };
  if (version !== 1)
    throw new AppError(graphqlErrors.PERSISTED_QUERY_NOT_SUPPORTED, {
      details: [{ field: `${field}.version`, code: 'NOT_ALLOWED', params: { allowed: '1' } }],
    });
  if (sha256Hash === undefined || sha256Hash === null) throw invalid(`${field}.sha256Hash`, 'REQUIRED');
  if (typeof sha256Hash !== 'string') throw invalid(`${field}.sha256Hash`, 'TYPE', { expected: 'string' });
  if (sha256Hash.length > 200) throw invalid(`${field}.sha256Hash`, 'MAX_LENGTH', { max: 200 });
  return /^[0-9a-f]{64}$/i.test(sha256Hash) ? sha256Hash.toLowerCase() : sha256Hash;
}
