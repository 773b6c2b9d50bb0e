import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { makeProject } from '../../launcher/new-project.mjs';
import { emptyFolder, ProjectCopy, root } from '../generated/copy.js';
import { share } from '../launcher/clone.js';

const folder = emptyFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('a new project passes all of its tests', { timeout: 1_800_000 }, async () => {
  const target = join(folder, 'company');
  await makeProject({ root, target, name: 'company', renew: true });
  // No link: its tests start it as an account that cannot walk to this folder.
  share('node_modules', target);
  const { passed, failed, said } = await new ProjectCopy(target).test();
  expect(failed, said).toEqual([]);
  expect(passed.length).toBeGreaterThan(2_000);
});
