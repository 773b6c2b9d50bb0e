import { globSync } from 'node:fs';
import { dirname } from 'node:path/posix';
import { importsOf } from '../../launcher/new-project/trim.mjs';
import type { ProjectCopy } from './copy.js';

/** These have suites of their own. */
const elsewhere = /^test\/(?:clients|generated|launcher|long)\//;

/**
 * Specs that may come out otherwise in a trimmed project than here: they look at all sources, they name a file that
 * differs, or they, or what lies beside them in a folder of tests, import one. What only runs in the service is the same
 * code with less beside it; for that, a service that starts, the types, and test/long/trimmed.spec.ts.
 */
export function differingSpecs(project: ProjectCopy): string[] {
  const differing = new Set(project.differing);
  const paths = [...differing].filter((path) => path.includes('/'));
  const specs = globSync('{src,libs,test}/**/*.spec.ts', { cwd: project.folder });
  const differs = (path: string, seen: Set<string>): boolean => {
    if (differing.has(path)) return true;
    if (seen.has(path) || !path.endsWith('.ts')) return false;
    seen.add(path);
    const text = project.read(path);
    const imported = importsOf(path, text).map(({ target }) => target);
    return (
      /\bglobSync\(/.test(text) ||
      paths.some((each) => text.includes(each)) ||
      imported.some((target) => differing.has(target)) ||
      imported.some((target) => path.startsWith('test/') && dirname(target) === dirname(path) && differs(target, seen))
    );
  };
  return specs.filter((path) => !elsewhere.test(path) && differs(path, new Set())).sort();
}
