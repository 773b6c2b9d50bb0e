import { parseArgs } from 'node:util';
import pg from 'pg';
import { SigningKeyStore } from '#libs/authn/signing-key-store.js';
import { ConfigError, loadConfig } from '#libs/config/config.js';
import { reseal, type Query } from '#libs/secrets/reseal.js';
import { Secrets } from '#libs/secrets/secrets.js';
import { sealedColumns } from '#src/secrets/sealed-columns.js';

const HELP = `Usage: npm run keys:rotate -- [--now | --compromised | --reseal]

Makes a new key that signs tokens. It is published for 24 hours before it signs, and the one before for 30 days after that;
nobody notices. All instances follow within seconds. Without this command it happens every 30 days.

  --now          it signs at once: clients that keep the key set refuse its ID tokens until they look again
  --compromised  the same, and all other keys are deleted: every access token and ID token until now is refused
  --reseal       makes no key: seals anew with the first key of ENCRYPTION_KEYS what was sealed with another one, as workers
                 do each hour; then the doctor says whether the old key can go
`;

/** `npm run keys:rotate`, on the database of the environment. */
async function main(): Promise<number> {
  const how = howOf(process.argv.slice(2));
  if (how === undefined) {
    process.stderr.write(HELP);
    return 2;
  }
  const config = loadConfig();
  const client = new pg.Client({ connectionString: config.database.url });
  await client.connect();
  try {
    const query = async (text: string, values: readonly unknown[]) =>
      (await client.query({ text, values: [...values], rowMode: 'array' })).rows as unknown[][];
    if (how === 'reseal') return await resealAll(query, new Secrets(config));
    const { kid, signsFrom } = await new SigningKeyStore(query, new Secrets(config)).rotate(how);
    process.stdout.write(`Key ${kid} signs from ${signsFrom.toISOString()} on.\n`);
    return 0;
  } finally {
    await client.end();
  }
}
async function resealAll(query: Query, secrets: Secrets): Promise<number> {
  let missing = 0;
  for (const column of sealedColumns) {
    const { table, done, closed } = await reseal(query, secrets, column);
    process.stdout.write(`${table}: ${done} sealed anew.\n`);
    if (closed > 0) process.stdout.write(`${table}: ${closed} need a key that ENCRYPTION_KEYS does not hold.\n`);
    missing += closed;
  }
  return missing > 0 ? 1 : 0;
}
function howOf(args: string[]): 'planned' | 'now' | 'compromised' | 'reseal' | undefined {
  try {
    const { values } = parseArgs({
      args,
      options: { now: { type: 'boolean' }, compromised: { type: 'boolean' }, reseal: { type: 'boolean' } },
    });
    if (values.reseal) return 'reseal';
    if (values.compromised) return 'compromised';
    return values.now ? 'now' : 'planned';
  } catch {
    return undefined;
  }
}
try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${error instanceof ConfigError ? error.message : (error as Error).stack}\n`);
  process.exitCode = 1;
}
