import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

export interface Detail {
  readonly field: string;
  readonly code: string;
  readonly message: string;
}
/** What a client says of a body. */
export type Check = (body: unknown) => Detail[];
export type LoadRules = (api: string, input: string, locale: string) => Promise<Check>;

const root = resolve(import.meta.dirname, '../..');

/** The client that docs/validation.md shows: its first block of JavaScript as a module. */
export async function documentedClient(): Promise<LoadRules> {
  const page = readFileSync(resolve(root, 'docs/validation.md'), 'utf8');
  const [, code] = /^```js\n([^]*?)^```$/m.exec(page)!;
  // Where its imports find their packages, and no other tool finds it.
  const folder = resolve(root, 'node_modules/.cache/tandem');
  mkdirSync(folder, { recursive: true });
  const file = resolve(folder, `validation-${process.pid}.mjs`);
  writeFileSync(file, code);
  return ((await import(/* @vite-ignore */ pathToFileURL(file).href)) as { loadRules: LoadRules }).loadRules;
}
