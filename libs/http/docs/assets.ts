import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetFolder, hashOf, versionOf, type Asset } from '#libs/http/asset-folder.js';

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
    const pages = fileURLToPath(new URL('pages', import.meta.url));
    const at = (name: string) => `${prefix}/${name}`;
    this.pages = new AssetFolder(at(`pages-${hashOf(pages)}`), pages, /./);
    this.swagger = new AssetFolder(
      at(`swagger-ui-${versionOf(swagger)}`),
      swagger,
      /^(?:swagger-ui(?:-bundle\.js|\.css)|oauth2-redirect\.js)$/,
    );
    this.graphiql = new AssetFolder(at(`ruru-${versionOf(ruru)}`), join(ruru, 'static'), /\.(js|css|ttf)$/);
    this.byName = new Map(
      [this.pages, this.swagger, this.graphiql].map((folder) => [folder.url.slice(prefix.length + 1), folder]),
    );
  }
  find(folder: string, file: string): Asset | undefined {
    return this.byName.get(folder)?.file(file);
  }
}
