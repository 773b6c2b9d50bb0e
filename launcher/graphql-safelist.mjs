import { globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { buildWhenChanged } from './build.mjs';
import { Failure } from './failure.mjs';

const usage = 'npm run graphql:safelist -- <folder> [-o <file>] [--typename] [--schema <file>]';

/**
 * Writes the manifest of all operations in the .graphql and .gql files of a folder.
 * @param {{ root: string, args: string[] }} options
 * @returns {Promise<number>} the exit code
 */
export async function main({ root, args }) {
  const { folder, output, typename, schemaFile } = read(root, args);
  const files = globSync('**/*.{graphql,gql}', {
    cwd: folder,
    exclude: (name) => name.includes('node_modules'),
  }).sort();
  await buildWhenChanged(root, new AbortController().signal);
  /** @type {typeof import('../libs/graphql/collect-safelist.js')} */
  const { buildSchema, collectSafelist, SafelistProblems } = await import(
    pathToFileURL(join(root, 'dist/libs/graphql/collect-safelist.js')).href
  );
  const here = process.cwd();
  const sources = files.map((file) => ({
    name: relative(here, join(folder, file)),
    text: readFileSync(join(folder, file), 'utf8'),
  }));
  try {
    const manifest = collectSafelist(buildSchema(readFileSync(schemaFile, 'utf8')), sources, { typename });
    const text = `${JSON.stringify(manifest, null, 2)}\n`;
    if (output) writeFileSync(output, text);
    else process.stdout.write(text);
    process.stderr.write(`${manifest.operations.length} operations of ${files.length} files.\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof SafelistProblems)) throw error;
    process.stderr.write(`${error.problems.join('\n')}\n`);
    throw new Failure('There is no safelist of these files.', 'Mend what is listed above, then run it again.');
  }
}

/**
 * @param {string} root
 * @param {string[]} args
 */
function read(root, args) {
  let parsed;
  try {
    parsed = parseArgs({
      args,
      allowPositionals: true,
      options: {
        output: { type: 'string', short: 'o' },
        typename: { type: 'boolean' },
        schema: { type: 'string' },
      },
    });
  } catch (error) {
    throw new Failure(/** @type {Error} */ (error).message, `Use ${usage}.`);
  }
  const { positionals, values } = parsed;
  if (positionals.length !== 1) throw new Failure('Exactly one folder has to be named.', `Use ${usage}.`);
  const folder = resolve(positionals[0]);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory())
    throw new Failure(`${positionals[0]} is no folder.`, `Use ${usage}.`);
  const schemaFile = values.schema ? resolve(values.schema) : join(root, 'test/contract/schema.graphql');
  if (!statSync(schemaFile, { throwIfNoEntry: false })?.isFile())
    throw new Failure(
      `There is no schema at ${values.schema ?? 'test/contract/schema.graphql'}.`,
      'Save /schema.graphql of the running service and name that file with --schema.',
    );
  return { folder, output: values.output && resolve(values.output), typename: values.typename, schemaFile };
}
