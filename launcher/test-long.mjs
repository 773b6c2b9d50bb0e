import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from './failure.mjs';
import { runOn } from './runtime.mjs';

const most = 60;
const usual = 10;
/** What is worth repeating with other seeds. */
const fuzz = ['fuzz-rest', 'fuzz-graphql', 'fuzz-shapes'].map((name) => `test/long/${name}.spec.ts`);
const counted = /** @type {const} */ (['requests', 'operations', 'refusals', 'statements', 'findings']);

/**
 * `npm run test:long`: everything in test/long once, `npm test` with its files shuffled, then the fuzz with other seeds
 * as long as there is time, and a row in docs/reliability.md about it. With arguments, as `npm test` with them:
 * nothing is repeated or written.
 * @param {{ root: string, args: string[], env: NodeJS.ProcessEnv }} options
 * @returns {Promise<number>} the exit code
 */
export async function main({ root, args, env }) {
  const short = [join(root, 'node_modules/vitest/vitest.mjs'), 'run'];
  const vitest = [...short, '--config', join('test', 'long', 'vitest.config.ts')];
  if (args.length > 0) return runOn(process.execPath, [...vitest, ...args]);

  const minutes = minutesOf(env.LONG_MINUTES);
  // A trimmed project may have left the fuzz out; what remains has no seed.
  const repeated = fuzz.filter((path) => existsSync(join(root, path)));
  const first = Number(env.FUZZ_SEED ?? Math.floor(Math.random() * 1_000_000_000));
  const folder = mkdtempSync(join(tmpdir(), 'tandem-long-'));
  const commit = commitOf(root);
  const started = new Date();
  const end = started.getTime() + minutes * 60_000;
  /** @type {number[]} */
  const seeds = [];
  let failed = 0;
  let code = 0;
  /**
   * @param {string} name
   * @param {string[]} command
   */
  const runOnce = async (name, command) => {
    const results = join(folder, `${name}.json`);
    const report = ['--reporter=default', '--reporter=json', `--outputFile.json=${results}`];
    const ended = await runOn(process.execPath, [...command, ...report]);
    code ||= ended;
    // Interrupted: half a run is no row.
    if (ended > 128 || !existsSync(results)) return false;
    failed += JSON.parse(readFileSync(results, 'utf8')).numFailedTests;
    return true;
  };
  try {
    process.env.LONG_TALLY = join(folder, 'tally');
    for (
      let seed = first, longest = 0;
      seeds.length === 0 || (repeated.length > 0 && Date.now() + longest < end);
      seed++
    ) {
      const begun = Date.now();
      seeds.push(seed);
      process.env.FUZZ_SEED = String(seed);
      const picked = seeds.length === 1 ? [] : repeated;
      if (!(await runOnce(`long-${seed}`, [...vitest, ...picked]))) return code || 1;
      if (seeds.length > 1) longest = Math.max(longest, Date.now() - begun);
      else if (!(await runOnce('shuffled', [...short, '--sequence.shuffle.files', `--sequence.seed=${seed}`])))
        return code || 1;
    }
    const counts = sum(join(folder, 'tally'));
    /** @type {Row} */
    const row = { commit, started, took: Date.now() - started.getTime(), seeds, counts, failed, code };
    process.stdout.write(`\n${told(row)}\n`);
    await append(root, row);
    return code;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @typedef {Record<(typeof counted)[number], number>} Counts
 * @typedef {{ commit: string, started: Date, took: number, seeds: number[], counts: Counts, failed: number, code: number }} Row
 */

/** @param {string | undefined} text */
function minutesOf(text) {
  const minutes = Number(text ?? usual);
  if (minutes > 0 && minutes <= most) return minutes;
  throw new Failure(`LONG_MINUTES is ${JSON.stringify(text)}.`, `Set it to a number of minutes, ${most} at most.`);
}
/**
 * What is tested, as far as git knows it.
 * @param {string} root
 */
function commitOf(root) {
  const git = (/** @type {string[]} */ ...args) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    const commit = git('rev-parse', '--short', 'HEAD');
    return git('status', '--porcelain') === '' ? commit : `${commit} + changes`;
  } catch {
    return 'unknown';
  }
}
/**
 * @param {string} file
 * @returns {Counts}
 */
function sum(file) {
  const counts = { requests: 0, operations: 0, refusals: 0, statements: 0, findings: 0 };
  if (!existsSync(file)) return counts;
  for (const line of readFileSync(file, 'utf8').trim().split('\n')) {
    const one = JSON.parse(line);
    // Every round asks the same operations.
    for (const name of counted)
      if (name === 'operations') counts[name] = Math.max(counts[name], one[name]);
      else counts[name] += one[name];
  }
  return counts;
}
const number = (/** @type {number} */ n) => n.toLocaleString('en');
const seedsOf = (/** @type {Row} */ { seeds }) => (seeds.length === 1 ? `${seeds[0]}` : `${seeds[0]}–${seeds.at(-1)}`);
const minutesTaken = (/** @type {Row} */ { took }) => (took / 60_000).toFixed(1);

/** @param {Row} row */
function told(row) {
  const counts = counted.map((name) => `${number(row.counts[name])} ${name}`).join(', ');
  return `FUZZ_SEED ${seedsOf(row)}, commit ${row.commit}, ${minutesTaken(row)} minutes: ${counts}, ${row.failed} failed tests`;
}

const page = `# Reliability

\`npm run test:long\` looks for what nobody thought of. It runs everything in \`test/long\` once and \`npm test\` with its
files shuffled, then the fuzz again with other seeds as long as there is time: \`LONG_MINUTES\`, ${usual} by default,
${most} at most. The first round is always run to its end. Each run adds a row below. \`npm test\` has a small share of it: one request of each kind an operation, for two callers.

- **Fuzz** of REST and GraphQL from what the service publishes, every operation and root field as every caller, valid and
  hostile requests: only declared statuses, bodies that their schemas allow, nothing invalid accepted, nothing valid refused,
  no 5xx, nothing of anybody else in an answer, a refusal changes nothing.
- **Statement texts**: other values bring no other text, and no text holds a value.
- **Named statements**: 1,200 accounts do the same handful of things with other values, more than 10,000 statements; the names
  that PostgreSQL keeps are those that the first 50 accounts brought.
- **Starts**: the launcher, the service and the database killed at once or hanging, a data folder that others have changed, and
  starts as root and as a normal user in a home folder that nobody else may enter.
- **Abuse**: what popular templates suffer, such as answers of a cache that are for somebody else and rows of other owners.
- **Controls**: a server in front of the service that lies in one way at a time is found out.
- **Sequence**: \`npm test\` with its files shuffled by the seed; files share processes, and none may depend on which ran
  before it. To repeat: \`npm test -- --sequence.shuffle.files --sequence.seed=<seed>\`.

To repeat a seed:

\`\`\`sh
FUZZ_SEED=20261124 npm run test:long -- test/long/fuzz-rest.spec.ts test/long/fuzz-graphql.spec.ts
\`\`\`

\`FUZZ_RUNS\` says how many requests of each kind an operation gets from each caller, 2 unless told. With arguments nothing is
written here.

## Runs

Operations are the most that one of the fuzzes asked; requests and statements are those of all rounds, without those of the
abuse tests and the controls. A finding is a shrunk request on which something did not hold.

| Started (UTC) | Commit | Minutes | Rounds | Seeds | Requests | Operations | Refusals | Statements | Findings | Failed tests |
| --- | --- | --: | --: | --- | --: | --: | --: | --: | --: | --: |
`;
/**
 * @param {string} root
 * @param {Row} row
 */
async function append(root, row) {
  const path = join(root, 'docs', 'reliability.md');
  const { format, resolveConfig } = await import('prettier');
  const before = existsSync(path) ? readFileSync(path, 'utf8') : page;
  const when = row.started.toISOString().slice(0, 16).replace('T', ' ');
  const cells = [when, row.commit, minutesTaken(row), row.seeds.length, seedsOf(row)];
  const counts = counted.map((name) => number(row.counts[name]));
  const text = `${before.trimEnd()}\n| ${[...cells, ...counts, row.failed].join(' | ')} |\n`;
  writeFileSync(path, await format(text, { ...(await resolveConfig(path)), filepath: path }));
}
