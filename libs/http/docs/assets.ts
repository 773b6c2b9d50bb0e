import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';

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
class AssetFolder {
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

/** The scripts, styles and fonts of the documentation pages: ours and those of Swagger UI and GraphiQL. */
export class Assets {
  readonly pages: AssetFolder;
  readonly swagger: AssetFolder;
  readonly graphiql: AssetFolder;
  private readonly byName: ReadonlyMap<string, AssetFolder>;

  constructor(prefix: string) {
    const require = createRequire(import.meta.url);
    const swagger = dirname(require.resolve('swagger-ui-dist/package.json'));
    // Its `exports` do not name package.json.
    const ruru = dirname(dirname(require.resolve('ruru')));
    const pages = join(import.meta.dirname, 'pages');
    const at = (name: string) => `${prefix}/${name}`;
    this.pages = new AssetFolder(at(`pages-${hashOf(pages)}`), pages, /./);
    this.swagger = new AssetFolder(at(`swagger-ui-${versionOf(swagger)}`), swagger, /^swagger-ui(-bundle\.js|\.css)$/);
    this.graphiql = new AssetFolder(at(`ruru-${versionOf(ruru)}`), join(ruru, 'static'), /\.(js|css|ttf)$/);
    this.byName = new Map(
      [this.pages, this.swagger, this.graphiql].map((folder) => [folder.url.slice(prefix.length + 1), folder]),
    );
  }
  find(folder: string, file: string): Asset | undefined {
    return this.byName.get(folder)?.file(file);
  }
}
const versionOf = (folder: string): string =>
  (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version;
function hashOf(folder: string): string {
  const hash = createHash('sha256');
  for (const file of readdirSync(folder).sort()) hash.update(readFileSync(join(folder, file)));
  return hash.digest('hex').slice(0, 12);
}
