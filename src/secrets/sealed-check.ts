import type { Connection } from '#libs/doctor/connection.js';
import { ok, problem, skipped, warning, type Finding } from '#libs/doctor/finding.js';
import { outdatedIn } from '#libs/secrets/reseal.js';
import { Secrets } from '#libs/secrets/secrets.js';
import { sealedColumns } from './sealed-columns.js';

/** Whether older keys of ENCRYPTION_KEYS are still needed, and whether one is missing. */
export async function examineSealed(db: Connection, encryptionKeys: readonly Buffer[] | undefined): Promise<Finding[]> {
  if (encryptionKeys === undefined)
    return [skipped('sealed', 'Without ENCRYPTION_KEYS it cannot be looked at what they are needed for.')];
  const secrets = new Secrets({ encryptionKeys });
  const counts: Awaited<ReturnType<typeof outdatedIn>>[] = [];
  for (const column of sealedColumns) {
    const { there } = await db.one<{ there: boolean }>('select to_regclass($1) is not null as there', [column.table]);
    const query = async (text: string, values: readonly unknown[]) =>
      (await db.rows<Record<string, unknown>>(text, [...values])).map((row) => Object.values(row));
    if (there) counts.push(await outdatedIn(query, secrets, column));
  }
  const listOf = (which: 'older' | 'closed') =>
    counts.filter((each) => each[which] > 0).map((each) => `${each.table} (${each[which]})`);
  const [older, closed] = [listOf('older'), listOf('closed')];
  const findings: Finding[] = [];
  if (closed.length > 0)
    findings.push(
      problem(
        'sealed',
        `Values are sealed with a key that ENCRYPTION_KEYS does not hold: ${closed.join(', ')}.`,
        'Put the key that was taken away back behind the others.',
      ),
    );
  if (older.length > 0)
    findings.push(
      warning(
        'sealed',
        `Values still need an older key of ENCRYPTION_KEYS: ${older.join(', ')}.`,
        'Keep it. Workers seal them anew within an hour; `npm run keys:rotate -- --reseal` does it now.',
      ),
    );
  return findings.length > 0 ? findings : [ok('sealed', 'everything is sealed with the first key of ENCRYPTION_KEYS')];
}
