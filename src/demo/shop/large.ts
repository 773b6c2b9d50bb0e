import { findDatabase, notRunning } from '../find-database.js';
import { growDemo } from './grow-demo.js';

async function main(): Promise<void> {
  const started = Date.now();
  const url = findDatabase(process.env);
  process.stdout.write('Adding up to 20,000 users and 200,000 orders; this takes about a minute …\n');
  const added = await growDemo(url, new Date());
  const seconds = Math.round((Date.now() - started) / 1000);
  process.stdout.write(`Added ${added.users} users and ${added.orders} orders in ${seconds} s.\n`);
}
try {
  await main();
} catch (error) {
  const { code, message } = error as Error & { code?: string };
  process.stderr.write(`${code === 'ECONNREFUSED' ? notRunning : message}\n`);
  process.exitCode = 1;
}
