import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildWhenChanged } from './build.mjs';

/**
 * Writes docs/configuration.md from the variables that the code reads.
 * @param {{ root: string }} options
 */
export async function main({ root }) {
  await buildWhenChanged(root, new AbortController().signal);
  const page = pathToFileURL(join(root, 'dist/libs/config/configuration-page.js')).href;
  const { renderConfigurationPage } = await import(page);
  writeFileSync(join(root, 'docs', 'configuration.md'), renderConfigurationPage());
  return 0;
}
