// Compares Tandem with the hand-written server in limit/ on the same database. docs/performance.md says how to read it.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { memoryOf, watchMemory } from './cpu.mjs';
import { openDatabase } from './database.mjs';
import { measureDeepPages } from './deep-pages.mjs';
import { checkEqual } from './equality.mjs';
import { measureLimits } from './limits.mjs';
import { median, round, summarize } from './measure.mjs';
import { readOptions } from './options.mjs';
import { drawSample, makeTokens, prepareDatabase } from './preparation.mjs';
import { describeProfile } from './profile.mjs';
import { machine, resultTable } from './report.mjs';
import { freePort, startLimit, startTandem } from './services.mjs';
import { measureSignIn } from './sign-in.mjs';
import { makeWorkloads } from './workloads.mjs';

const readyTarget = 1_500;
const deepPageTarget = 1.5;
const limitsTarget = 0.03;
/** In MiB, of Tandem under load and a while after. */
const memoryTarget = { load: 300, after: 220 };

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const options = readOptions(process.argv.slice(2));
const say = (/** @type {string} */ text) => process.stdout.write(`${text}\n`);
const progress = (/** @type {string} */ text) => process.stderr.write(`${text}\n`);

/** What has to be stopped in the end, the last one first. @type {(() => Promise<void> | void)[]} */
const cleanUp = [];
const abort = new AbortController();
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.once(signal, () => void end(130));
try {
  await main();
  await end(0);
} catch (error) {
  progress(error instanceof Error ? (error.stack ?? error.message) : String(error));
  await end(1);
}

/** @param {number} code @returns {Promise<never>} */
async function end(code) {
  abort.abort();
  for (const stop of cleanUp.splice(0).reverse()) await Promise.resolve(stop()).catch(() => {});
  process.exit(code);
}

async function main() {
  if (!existsSync(join(root, 'dist/src/main.js'))) throw new Error('There is no build. Run `npm run build` first.');
  const folder = mkdtempSync(join(tmpdir(), 'tandem-bench-'));
  cleanUp.push(() => rmSync(folder, { recursive: true, force: true }));
  const data = options.data ? resolve(options.data) : join(folder, 'data');
  mkdirSync(data, { recursive: true });

  progress('Starting PostgreSQL and filling the database …');
  const database = await openDatabase({ root, data, signal: abort.signal });
  cleanUp.push(database.stop);
  const { ownerUrl, servingUrl } = database;
  await prepareDatabase({ root, ownerUrl, servingUrl, quick: options.quick });

  const port = await freePort();
  const issuer = `http://localhost:${port}`;
  // Always the same, because with --data the database has keys already.
  const encryptionKey = Buffer.alloc(32, 1).toString('base64');
  const { keySetFile, sign } = await makeTokens({ root, folder, servingUrl, issuer, encryptionKey });
  const all = await makeWorkloads(await drawSample(servingUrl), sign);
  const wanted = options.profile ? [options.profile] : options.only;
  const workloads = all.filter(({ name }) => !wanted || wanted.includes(name));
  if (workloads.length === 0)
    throw new Error(`There is no such workload; there are ${all.map((w) => w.name).join(', ')}.`);
  const surroundings = { databaseUrl: servingUrl, issuer, keySetFile, encryptionKey };
  const context = { root, folder, surroundings };
  if (options.profile) return profile(workloads[0], port, context, database.pid);

  const readyTimes = [];
  for (let start = 0; start < (options.quick ? 1 : 3); start++) {
    const service = await startTandem({ ...context, port });
    readyTimes.push(service.readyAfter);
    await service.stop();
  }
  const limit = await startLimit({ ...context, port: await freePort() });
  cleanUp.push(limit.stop);
  const tandem = await startTandem({ ...context, port });
  cleanUp.push(tandem.stop);

  const sides = [limit, tandem];
  const idle = sides.map(({ pid }) => memoryOf(pid));
  const watched = sides.map(({ pid }) => watchMemory(pid));
  /** @type {import('./report.mjs').Result[]} */
  const results = [];
  for (const workload of workloads) {
    await checkEqual(workload, [limit, tandem], servingUrl);
    progress(`${workload.name}: the answers are equal; measuring …`);
    results.push(await compare(workload, limit, tandem, database.pid));
  }
  const load = watched.map((side) => side.stop());
  const quietSeconds = options.quick ? 1 : 60;
  progress(`waiting ${quietSeconds} s to see what memory comes back …`);
  await pause(quietSeconds * 1000);
  const after = sides.map(({ pid }) => memoryOf(pid));
  const memory = sides.map(({ name }, i) => ({ name, idle: idle[i], load: load[i], after: after[i] }));
  const { cores, memoryGiB, node } = machine();
  say(
    `${cores} cores, ${memoryGiB} GiB, Node ${node}; ${options.rounds} rounds of ${options.seconds} s, ${options.connections} connections; CPU in ms a request\n`,
  );
  say(resultTable(results, !options.quick));
  for (const { name, ...m } of memory)
    say(
      `\nResident memory of ${name}: ${m.idle.toFixed(0)} MiB idle, at most ${m.load.toFixed(0)} under load, ${m.after.toFixed(0)} after ${quietSeconds} s`,
    );
  say(`(targets for Tandem: at most ${memoryTarget.load} under load, ${memoryTarget.after} after)`);
  const deep = wanted && !wanted.includes('admin-list') ? undefined : await deepPages(all, tandem, database.pid);
  const readyAfter = median(readyTimes);
  const limits = await measureLimits(root);
  say(
    `\nA known token and its budget: ${(limits.spend * 1000).toFixed(1)} µs of CPU a request, a token that is new ${(limits.check * 1000).toFixed(0)} µs more; one question to the ledger in ${limits.requestsAQuestion.toFixed(0)} requests`,
  );
  const read = results.find(({ name }) => name === 'order');
  if (read)
    say(
      `That is ${((100 * limits.spend) / read.tandem.cpu.total).toFixed(1)} % of order (target at most ${100 * limitsTarget} %)`,
    );
  const signIn = await measureSignIn({
    root,
    service: tandem,
    postmaster: database.pid,
    servingUrl,
    publicUrl: issuer,
    quick: options.quick,
  });
  const costs = (/** @type {import('./sign-in.mjs').Cost} */ { service, postgres }) =>
    `${(service + postgres).toFixed(1)} ms of CPU (service ${service.toFixed(1)}, PostgreSQL ${postgres.toFixed(1)})`;
  say(
    `\nA sign-in by password with its pages and tokens: ${costs(signIn.signIn)}, of it the hash ${signIn.hash.toFixed(1)}`,
  );
  say(`A refresh: ${costs(signIn.refresh)}`);
  if (deep)
    say(
      `\nPage ${deep.page} of the admin list beside page 1: ${deep.ratio.latency.toFixed(2)} by p50, ${deep.ratio.cpu.toFixed(2)} by CPU (target at most ${deepPageTarget})`,
    );
  say(
    `Ready after ${(readyAfter / 1000).toFixed(2)} s on a migrated database (target at most ${readyTarget / 1000} s)`,
  );
  if (options.json) {
    writeFileSync(
      options.json,
      `${JSON.stringify({ machine: machine(), options, results, memory, deepPage: deep, readyAfter, limits, signIn }, null, 2)}\n`,
    );
  }
}

/**
 * @param {import('./workloads.mjs').Workload} workload
 * @param {import('./services.mjs').Service} limit
 * @param {import('./services.mjs').Service} tandem
 * @param {number} postmaster
 */
async function compare({ name, title, target, requests }, limit, tandem, postmaster) {
  const { connections, seconds, warmUpSeconds } = options;
  for (const service of [limit, tandem])
    await round(service, postmaster, { requests, connections, seconds: warmUpSeconds });
  /** @typedef {import('./measure.mjs').Round} Round */
  /** @type {Record<'limit' | 'tandem', Round[]>} */
  const rounds = { limit: [], tandem: [] };
  for (let i = 0; i < options.rounds; i++) {
    rounds.limit.push(await round(limit, postmaster, { requests, connections, seconds }));
    rounds.tandem.push(await round(tandem, postmaster, { requests, connections, seconds }));
  }
  const a = summarize(rounds.limit);
  const b = summarize(rounds.tandem);
  // Neighbours in time had the same machine, so each pair of rounds is compared by itself.
  const pairs = (/** @type {(limit: Round, tandem: Round) => number} */ compared) =>
    median(rounds.limit.map((r, i) => compared(r, rounds.tandem[i])));
  const cpu = (/** @type {Round} */ r) => (r.service + r.postgres) / r.requests;
  const ratio = {
    requests: pairs((x, y) => y.requests / y.seconds / (x.requests / x.seconds)),
    cpu: pairs((x, y) => cpu(x) / cpu(y)),
  };
  return { name, title, target, limit: a, tandem: b, ratio };
}

/**
 * @param {import('./workloads.mjs').Workload[]} workloads
 * @param {import('./services.mjs').Service} tandem
 * @param {number} postmaster
 */
function deepPages(workloads, tandem, postmaster) {
  const [{ headers }] = workloads.find((w) => w.name === 'admin-list')?.requests ?? [];
  progress('walking to a deep page of the admin list …');
  return measureDeepPages({ headers, tandem, postmaster, page: options.quick ? 10 : 5_000, ...options });
}

/**
 * @param {import('./workloads.mjs').Workload} workload
 * @param {number} port
 * @param {{ root: string, folder: string, surroundings: import('./services.mjs').Surroundings }} context
 * @param {number} postmaster
 */
async function profile({ name, title, requests }, port, context, postmaster) {
  const nodeArgs = ['--cpu-prof', `--cpu-prof-dir=${context.folder}`, '--cpu-prof-interval=250'];
  const service = await (options.side === 'limit' ? startLimit : startTandem)({ ...context, port, nodeArgs });
  const { connections } = options;
  const started = performance.now();
  await round(service, postmaster, { requests, connections, seconds: options.warmUpSeconds });
  const measuredFrom = service.readyAfter + performance.now() - started;
  const measured = await round(service, postmaster, { requests, connections, seconds: options.quick ? 1 : 12 });
  await service.stop();
  const file = readdirSync(context.folder).find((entry) => entry.endsWith('.cpuprofile'));
  if (!file) throw new Error('The profiler has left no file.');
  const { cpu } = summarize([measured]);
  say(
    `${name} (${title}): ${cpu.service.toFixed(2)} ms of the service and ${cpu.postgres.toFixed(2)} ms of PostgreSQL a request, with the profiler on\n`,
  );
  say(describeProfile(join(context.folder, file), measuredFrom));
}
