import { globSync, readFileSync } from 'node:fs';
import { mergeConfig } from 'vitest/config';
import base, { globalSetup } from './vitest.base.js';

const include = ['src/**/*.spec.ts', 'libs/**/*.spec.ts', 'test/**/*.spec.ts'];
// Other people's clients have packages of their own: `npm run test:clients`.
// What the generator makes is tested in a copy of the project: `npm run test:generated`.
const exclude = ['**/node_modules/**', 'test/clients/**', 'test/long/**', 'test/generated/**'];

/** A file that adds to a registry of the process, or replaces a module, would change what later files find there. */
const changesItsProcess =
  /\bdefine(?:Errors|DetailCodes|Messages|Policy|Job|Mail)\b|\bresource\(|@(?:View|Input|Resolver)\(|\bvi\.(?:mock|doMock|resetModules)\b/;
const isolated = globSync(include, { cwd: import.meta.dirname, exclude: (path) => path.includes('node_modules') })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => changesItsProcess.test(readFileSync(new URL(path, import.meta.url), 'utf8')));

export default mergeConfig(base, {
  test: {
    globalSetup,
    projects: [
      // Loading packages and product takes longer than most files do, so a worker loads them once for all of its files.
      mergeConfig(base, {
        test: { name: 'shared', include, exclude: [...exclude, ...isolated], isolate: false },
      }),
      mergeConfig(base, { test: { name: 'isolated', include: isolated, exclude } }),
    ],
  },
});
