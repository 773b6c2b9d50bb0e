import { parseArgs } from 'node:util';
import pg from 'pg';
import { AuditSignatures } from '#libs/audit/audit-seals.js';
import { verifyAudit, type Verdict, type VerifyOptions } from '#libs/audit/verify.js';
import { readEnvironment } from '#libs/config/environment.js';
import { Secrets } from '#libs/secrets/secrets.js';

const HELP = `Usage: npm run audit:verify -- [options]

Reads the audit trail and checks that no entry was changed, cut out, put in or moved since it was written. Exit code 1 when
one was, with the first one by name.

  --from n            begin with seal n; those before are taken as they are
  --anchor n:hash     seal n must have this hash: what an earlier run, or the log, named
  --json              for machines
`;

/** `npm run audit:verify`; the launcher knows the embedded database. Resolves to the exit code. */
export async function auditVerify(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const options = optionsOf(args);
  if (!options) {
    process.stderr.write(HELP);
    return 2;
  }
  const { environment } = readEnvironment(env);
  const url = environment.DATABASE_DIRECT_URL ?? environment.DATABASE_URL;
  const encryptionKeys = environment.ENCRYPTION_KEYS;
  if (!url || !encryptionKeys) {
    process.stderr.write(
      'DATABASE_URL and ENCRYPTION_KEYS say which trail to read and what it was signed with.\n' +
        'Set both as the service has them, or start Tandem in this folder first.\n',
    );
    return 2;
  }
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    const verdict = await verifyAudit(client, new AuditSignatures(new Secrets({ encryptionKeys })), options.verify);
    process.stdout.write(options.json ? `${JSON.stringify(verdict)}\n` : inWords(verdict));
    return verdict.problem === undefined ? 0 : 1;
  } finally {
    await client.end();
  }
}

function inWords({ problem, seals, entries, waiting, unknownKeys, head }: Verdict): string {
  const lines = [
    problem === undefined
      ? 'The audit trail is as it was written.'
      : `The audit trail is not as it was written: ${problem}`,
    `${entries} entries in ${seals} seals were checked, ${waiting} more wait for their seal.`,
  ];
  if (unknownKeys > 0)
    lines.push(
      `${unknownKeys} signatures are by keys that ENCRYPTION_KEYS does not hold; the seals after them stand for them.`,
    );
  if (problem === undefined && head.seal > 0)
    lines.push(`Keep this outside the database, for the next time: --anchor ${head.seal}:${head.hash}`);
  return `${lines.join('\n')}\n`;
}

function optionsOf(args: string[]): { verify: VerifyOptions; json: boolean } | undefined {
  try {
    const { values } = parseArgs({
      args,
      options: {
        from: { type: 'string', default: '1' },
        anchor: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    });
    const anchor = values.anchor === undefined ? undefined : /^([1-9]\d{0,14}):([0-9a-f]{64})$/.exec(values.anchor);
    if (!/^[1-9]\d{0,14}$/.test(values.from) || anchor === null) return undefined;
    return {
      json: values.json,
      verify: { from: Number(values.from), anchor: anchor && { seal: Number(anchor[1]), hash: anchor[2] } },
    };
  } catch {
    return undefined;
  }
}
