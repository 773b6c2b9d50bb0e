import { cpSync, existsSync, globSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { defineConfig } from 'rolldown';

const root = import.meta.dirname;
/** What somebody starts or imports from dist/. */
const entries = [
  'src/main',
  'src/migrate',
  'src/jobs',
  'src/rotate-keys',
  'src/make-admin',
  'src/doctor',
  'src/token',
  'src/audit-verify',
  'libs/config/config',
  'libs/config/configuration-page',
  'libs/graphql/collect-safelist',
  'src/demo/shop/large',
  'test/bench/built',
];

/**
 * Sources find their files by `import.meta.url`, beside themselves. In dist/ these files keep their places, whereas the
 * code moves into a chunk, one folder deep.
 * @type {import('rolldown').Plugin}
 */
const files = {
  name: 'files',
  transform: {
    filter: { id: /[\\/](src|libs)[\\/].*\.ts$/, code: 'import.meta.url' },
    handler(code, id) {
      const source = `../${relative(root, id).split(sep).join('/')}`;
      return code.replaceAll('import.meta.url', `new URL(${JSON.stringify(source)}, import.meta.url).href`);
    },
  },
  writeBundle({ dir = '' }) {
    const { sourceRoot, compilerOptions } = JSON.parse(readFileSync(join(root, 'nest-cli.json'), 'utf8'));
    // Stack traces name our sources. The maps of packages would cost a start 0.4 s and 170 MiB.
    for (const path of globSync('packages/*.js.map', { cwd: dir })) {
      rmSync(join(dir, path));
      const code = join(dir, path.replace(/\.map$/, ''));
      truncateSync(code, statSync(code).size - `//# sourceMappingURL=${basename(path)}`.length);
    }
    for (const path of globSync(compilerOptions.assets, { cwd: join(root, sourceRoot) }))
      cpSync(join(root, sourceRoot, path), join(dir, sourceRoot, path));
  },
};

export default defineConfig({
  input: Object.fromEntries(
    entries.filter((name) => existsSync(join(root, `${name}.ts`))).map((name) => [name, join(root, `${name}.ts`)]),
  ),
  platform: 'node',
  tsconfig: join(root, 'tsconfig.build.json'),
  resolve: { conditionNames: ['source', 'node'] },
  external: [/^@node-rs\//],
  // What packages load if it is there is not there; our own imports are the type checker's to find.
  checks: { unresolvedImport: false, eval: false, sourcemapBroken: false },
  logLevel: 'warn',
  plugins: [files],
  output: {
    dir: join(root, 'dist'),
    // Nest, MikroORM and error reports go by the names of classes.
    keepNames: true,
    sourcemap: true,
    sourcemapExcludeSources: true,
    entryFileNames: '[name].js',
    // Names of shared chunks list the entries that need them, folders and all.
    chunkFileNames: ({ name }) =>
      name.startsWith('packages') ? 'packages/[hash].js' : `chunks/${name.split('~')[0]}-[hash].js`,
    codeSplitting: {
      groups: [
        { name: 'packages', test: /[\\/]node_modules[\\/]/, entriesAware: true },
        { name: 'entities', test: /\.entity\.ts$/, entriesAware: true },
      ],
    },
  },
});
