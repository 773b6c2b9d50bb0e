import pg from 'pg';
import { Audit } from '#libs/audit/audit.js';
import { AuditSignatures, entryHash, sealHash } from '#libs/audit/audit-seals.js';
import { entryColumns, entryOf } from '#libs/audit/stored-entry.js';
import { verifyAudit, type VerifyOptions } from '#libs/audit/verify.js';
import { Database } from '#libs/database/database.js';
import { Statements } from '#libs/database/statements.js';
import { Secrets } from '#libs/secrets/secrets.js';
import { testEncryptionKey } from '#test/harness/test-app.js';
import type { AuditWorld } from './world.js';

export const testSecrets = new Secrets({ encryptionKeys: [Buffer.from(testEncryptionKey, 'base64')] });

export async function verify(
  { app }: AuditWorld,
  options: VerifyOptions = {},
  secrets = testSecrets,
  signatures = new AuditSignatures(secrets),
) {
  const client = new pg.Client({ connectionString: app.database.servingUrl });
  await client.connect();
  try {
    return await verifyAudit(client, signatures, options);
  } finally {
    await client.end();
  }
}
/** As the owner of the tables, who can switch off what stops others. */
export async function sabotage({ app }: AuditWorld, ...statements: string[]): Promise<void> {
  const tables = ['audit_entries', 'audit_seals'];
  for (const table of tables) await app.database.sql(`alter table ${table} disable trigger user`);
  for (const statement of statements) await app.database.sql(statement);
  for (const table of tables) await app.database.sql(`alter table ${table} enable trigger user`);
}
/** Changes an entry of the last seal, and makes every hash anew that covers it. What is signed, nobody can make. */
export async function forge(w: AuditWorld, no: number, entryId: string): Promise<void> {
  await sabotage(w, `update audit_entries set outcome = 'FAILED' where id = '${entryId}'`);
  const [seal] = await w.app.database.sql(
    'select at, total::int, count, entry_ids::text[] as ids, previous_hash from audit_seals where no = $1',
    [no],
  );
  const rows = await w.app.app
    .get(Statements)
    .run({ text: `select ${entryColumns} from audit_entries e where id = any($1::uuid[])` }, [seal.ids]);
  const entries = new Map(rows.map(entryOf).map((entry) => [entry.id, entry]));
  const entryHashes = Buffer.concat((seal.ids as string[]).map((id) => entryHash(entries.get(id)!)));
  const hash = sealHash({
    no,
    at: seal.at.toISOString(),
    count: seal.count,
    total: seal.total,
    entryIds: seal.ids,
    entryHashes,
    previousHash: seal.previous_hash,
  });
  const hex = (bytes: Buffer) => `'\\x${bytes.toString('hex')}'`;
  await sabotage(
    w,
    `update audit_seals set entry_hashes = ${hex(entryHashes)}, hash = ${hex(hash)} where no = ${no}`,
    `update audit_head set hash = ${hex(hash)}`,
  );
}

/** What the trail tells, to those who may read all of it, of an account that was erased between two acts of an admin. */
export async function erasure(w: AuditWorld) {
  const id = await w.makeUser({ displayName: 'Somebody Else' });
  await w.clients.admin.post(`/v1/users/${id}/suspend`, { reason: 'Chargeback 4711' });
  const audit = w.app.app.get(Audit);
  const erase = () => w.app.app.get(Database).transaction((em) => audit.erasePerson(em, id));
  if (!(await erase()) || (await erase())) throw new Error('a person is erased once');
  await w.clients.admin.post(`/v1/users/${id}/reactivate`);
  const { body, text } = await w.clients.admin.get(`/v1/audit-entries?personId=${id}&sort=at`);
  return { told: body.data as Record<string, any>[], texts: text };
}
