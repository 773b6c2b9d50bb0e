import { parseArgs } from 'node:util';
import pg from 'pg';
import { listDeadLetters, resendDeadLetters } from '#libs/jobs/dead-letters.js';
import { bossOver } from '#libs/jobs/schema.js';
import { findDatabase } from './demo/find-database.js';

const HELP = `Usage: npm run jobs -- [options]

Lists the jobs that failed for good, oldest first: id, job, when, attempts, why.

  --resend <id>      sends one of them again
  --resend <job>     sends all of one job again, such as mail.deliver
`;
const isId = /^[0-9a-f-]{36}$/;

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { resend: { type: 'string' }, help: { type: 'boolean' } } });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL?.trim() || findDatabase(process.env), max: 1 });
  const boss = bossOver(pool);
  try {
    const { resend } = values;
    if (resend === undefined) {
      const letters = await listDeadLetters(boss);
      for (const { id, job, failedAt, attempts, error } of letters)
        process.stdout.write(`${id}  ${job}  ${failedAt.toISOString()}  ${attempts}  ${error}\n`);
      if (letters.length === 0) process.stdout.write('No job failed for good.\n');
      return 0;
    }
    const count = await resendDeadLetters(boss, isId.test(resend) ? { id: resend } : { job: resend });
    process.stdout.write(`Sent ${count} again.\n`);
    return count > 0 ? 0 : 1;
  } finally {
    await pool.end();
  }
}
try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
