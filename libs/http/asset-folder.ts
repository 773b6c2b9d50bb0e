import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
};
export interface Asset {
  readonly path: string;
  readonly type: string;
}
/** Files of a folder that may be served. The address contains the version, so that browsers keep a file for ever. */
export class AssetFolder {
  private files?: ReadonlyMap<string, Asset>;

  constructor(
    readonly url: string,
    private readonly folder: string,
    private readonly only: RegExp,
  ) {}

  file(name: string): Asset | undefined {
    // Names are looked up in a list of what is there: no address can lead out of the folder.
    this.files ??= new Map(
      readdirSync(this.folder)
        .filter((file) => this.only.test(file) && types[extname(file)] !== undefined)
        .map((file) => [file, { path: join(this.folder, file), type: types[extname(file)] }]),
    );
    return this.files.get(name);
  }
}

/** The version of the package in this folder. */
export const versionOf = (folder: string): string =>
  (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version;
/** What changes with any file of the folder. */
export function hashOf(folder: string): string {
  const hash = createHash('sha256');
  for (const file of readdirSync(folder).sort()) hash.update(readFileSync(join(folder, file)));
  return hash.digest('hex').slice(0, 12);
}
