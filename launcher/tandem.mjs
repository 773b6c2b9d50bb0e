// Entry of every npm script. Runs on any Node from 20.9 on, so it only finds the right runtime and hands over to it.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Failure, explain } from './failure.mjs';
import { runOn, selectRuntime, whenParentEnds } from './runtime.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [command, ...args] = process.argv.slice(2);

/** @type {Record<string, string>} */
const modules = {
  start: 'start.mjs',
  build: 'build.mjs',
  token: 'token.mjs',
  doctor: 'doctor.mjs',
  'audit:verify': 'audit-verify.mjs',
  generate: 'generate.mjs',
  'docs:config': 'configuration-page.mjs',
  'graphql:safelist': 'graphql-safelist.mjs',
  'docs:postman': 'postman-collection.mjs',
  'test:clients': 'test-clients.mjs',
  'test:long': 'test-long.mjs',
  new: 'new-project.mjs',
};
/**
 * Programs of the project that need the build.
 * @type {Record<string, string>}
 */
const programs = {
  migrate: 'dist/src/migrate.js',
  jobs: 'dist/src/jobs.js',
  'keys:rotate': 'dist/src/rotate-keys.js',
  'demo:large': 'dist/src/demo/shop/large.js',
  admin: 'dist/src/make-admin.js',
  bench: 'test/bench/bench.mjs',
};
/** Those that are for the service that the environment names, or else for the one that runs in this folder. */
const forTheService = new Set(['migrate', 'keys:rotate', 'admin']);

try {
  process.exitCode = await dispatch();
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
}

async function envOfService() {
  const { surroundings } = await import('./surroundings.mjs');
  const { env, embedded } = await surroundings(root, process.env);
  if (embedded && !embedded.running) {
    throw new Failure(
      'Tandem is not running in this folder.',
      'Start it with `npm start`, or set DATABASE_URL and the rest as the service has it.',
    );
  }
  return env;
}

/** @returns {Promise<number>} the exit code */
async function dispatch() {
  if (!existsSync(join(root, 'node_modules', 'zod'))) {
    throw new Failure('The packages that Tandem needs are not installed.', 'Run `npm ci` first.');
  }
  const runtime = selectRuntime(root);
  if (command === 'run') return runOn(runtime, [join(root, 'node_modules', args[0]), ...args.slice(1)]);
  if (command === 'test') return runOn(runtime, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...args]);

  const module = modules[command];
  const program = programs[command];
  if (!module && !program) {
    throw new Failure(
      `There is no command ${JSON.stringify(command ?? '')}.`,
      `Use one of ${[...Object.keys(modules), ...Object.keys(programs), 'test', 'run'].join(', ')}.`,
    );
  }
  if (runtime !== process.execPath) return runOn(runtime, [fileURLToPath(import.meta.url), command, ...args]);

  if (program) {
    const env = forTheService.has(command) ? await envOfService() : process.env;
    const { buildWhenChanged } = await import('./build.mjs');
    await buildWhenChanged(root, new AbortController().signal);
    return runOn(runtime, ['--enable-source-maps', join(root, program), ...args], env);
  }
  process.setSourceMapsEnabled(true);
  const { main } = await import(`./${module}`);
  return main({ root, args, env: process.env, whenParentEnds });
}
