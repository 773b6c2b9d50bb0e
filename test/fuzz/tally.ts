import { appendFileSync } from 'node:fs';

/** What `npm run test:long` adds up for its report. */
export interface Tally {
  readonly requests: number;
  /** Operations of REST and root fields of GraphQL that were asked. */
  readonly operations: number;
  readonly refusals: number;
  /** Statements that were sent to PostgreSQL. */
  readonly statements: number;
  readonly findings: number;
}
/** A line in the file that the report is made of, where one is wanted. */
export function tally(counts: Tally): void {
  const file = process.env.LONG_TALLY;
  if (file) appendFileSync(file, `${JSON.stringify(counts)}\n`);
}
interface Counted {
  readonly wire: { readonly count: number };
  readonly counts: ReadonlyMap<string, unknown>;
  readonly refusals: number;
  readonly statements: number;
}
export function tallyOf(fuzz: Counted, findings: number): Tally {
  return {
    requests: fuzz.wire.count,
    operations: fuzz.counts.size,
    refusals: fuzz.refusals,
    statements: fuzz.statements,
    findings,
  };
}
