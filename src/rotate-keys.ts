import { parseArgs } from 'node:util';
import pg from 'pg';
import { SigningKeyStore } from '#libs/authn/signing-key-store.js';
import { ConfigError, loadConfig } from '#libs/config/config.js';
import { Secrets } from '#libs/secrets/secrets.js';

const HELP = `Usage: npm run keys:rotate -- [--now | --compromised]

Makes a new key that signs tokens. It is published for 24 hours before it signs, and the one before for 30 days after that;
nobody notices. All instances follow within seconds. Without this command it happens every 30 days.

  --now          it signs at once: clients that keep the key set refuse its ID tokens until they look again
  --compromised  the same, and all other keys are deleted: every access token and ID token until now is refused
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
    const { kid, signsFrom } = await new SigningKeyStore(query, new Secrets(config)).rotate(how);
    process.stdout.write(`Key ${kid} signs from ${signsFrom.toISOString()} on.\n`);
    return 0;
  } finally {
    await client.end();
  }
}
function howOf(args: string[]): 'planned' | 'now' | 'compromised' | undefined {
  try {
    const { values } = parseArgs({ args, options: { now: { type: 'boolean' }, compromised: { type: 'boolean' } } });
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
