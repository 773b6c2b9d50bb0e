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
  bench: 'test/bench/bench.mjs',
};

try {
  process.exitCode = await dispatch();
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
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
    const { buildWhenChanged } = await import('./build.mjs');
    await buildWhenChanged(root, new AbortController().signal);
    return runOn(runtime, [join(root, program), ...args]);
  }
  const { main } = await import(`./${module}`);
  return main({ root, args, env: process.env, whenParentEnds });
}
