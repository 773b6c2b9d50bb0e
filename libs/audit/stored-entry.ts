import type { Row, Statement } from '#libs/database/statements.js';

/** An entry as the table holds it, without its signature; the names are those of the signed text. */
export interface Content {
  readonly id: string;
  /** RFC 3339 with milliseconds. */
  readonly at: string;
  readonly action: string;
  readonly outcome: string;
  readonly actor: string;
  readonly actorId: string | null;
  readonly actedBy: string | null;
  readonly clientId: string | null;
  readonly sessionId: string | null;
  readonly correlationId: string | null;
  readonly subject: string | null;
  readonly subjectId: string | null;
  readonly personId: string | null;
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
  readonly sealedFields: readonly string[];
  readonly personal: string | null;
  /** Whose key `origin` is sealed under. */
  readonly originOwner: string | null;
  readonly origin: string | null;
}
export interface StoredEntry extends Content {
  readonly mac: Buffer;
}

/** The columns, with the type that a value of JSON has to get. */
const columns: Readonly<Record<keyof Content, string>> = {
  id: 'id uuid',
  at: 'at timestamptz',
  action: 'action text',
  outcome: 'outcome text',
  actor: 'actor text',
  actorId: 'actor_id uuid',
  actedBy: 'acted_by text',
  clientId: 'client_id text',
  sessionId: 'session_id text',
  correlationId: 'correlation_id text',
  subject: 'subject text',
  subjectId: 'subject_id text',
  personId: 'person_id uuid',
  before: 'before jsonb',
  after: 'after jsonb',
  sealedFields: 'sealed_fields text[]',
  personal: 'personal text',
  originOwner: 'origin_owner uuid',
  origin: 'origin text',
};
const names = Object.keys(columns) as (keyof Content)[];
const sqlNames = Object.values(columns).map((column) => column.split(' ')[0]);

export const contentOf = (entry: Content): Content =>
  Object.fromEntries(names.map((name) => [name, entry[name]])) as unknown as Content;

/** For `entryOf`, of a table `e`. */
export const entryColumns = [...sqlNames, 'mac'].map((name) => `e.${name}`).join(', ');
export const entryOf = (row: Row): StoredEntry =>
  Object.fromEntries([...names, 'mac'].map((name, i) => [name, row[i]])) as unknown as StoredEntry;

/** Inserts entries given as JSON, all with one statement. */
export const insertEntries: Statement = {
  name: 'audit_insert',
  text: `insert into audit_entries (${sqlNames.join(', ')}, mac)
         select ${sqlNames.join(', ')}, decode(mac, 'hex')
         from jsonb_to_recordset($1::jsonb) as e (${Object.values(columns).join(', ')}, mac text)`,
};
export const entryValues = (entries: readonly StoredEntry[]): unknown[] => [
  JSON.stringify(
    entries.map((entry) => ({
      ...Object.fromEntries(names.map((name, i) => [sqlNames[i], entry[name]])),
      mac: entry.mac.toString('hex'),
    })),
  ),
];
