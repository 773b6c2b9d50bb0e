import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeProject } from '../../launcher/new-project.mjs';
import { Launched, removeFolder, status } from '../launcher/launched.js';
import { emptyFolder, ProjectCopy, root } from './copy.js';
import { differingSpecs } from './differing-specs.js';

// A company's own project, as `npm run new` makes it. What it has as it is here is tested here; all of its tests run in
// test/long/trimmed.spec.ts.
const folder = emptyFolder();
let project: ProjectCopy;
let specs: string[];
beforeAll(async () => {
  const target = join(folder, 'company');
  await makeProject({ root, target, name: 'company', renew: true });
  project = new ProjectCopy(target);
  specs = differingSpecs(project);
});
afterAll(() => removeFolder(folder, join(folder, 'company/.data')));

describe('a new project', () => {
  it.each(['typecheck', 'lint', 'check:architecture'])('passes npm run %s', async (script) => {
    await expect(project.npm(script)).resolves.toBeDefined();
  });
  it('is formatted where it differs', async () => {
    await expect(project.prettier(project.differing)).resolves.toBeDefined();
  });
  it('passes its specs that may come out otherwise', async () => {
    // Whatever the rule is: these look at what was taken out of lists, at the contract, and at the texts.
    expect(specs).toEqual(
      expect.arrayContaining([
        'libs/errors/errors-doc.spec.ts',
        'libs/messages/messages.spec.ts',
        'src/demo/demo-data.spec.ts',
        'test/contract/contract.spec.ts',
        'test/doctor/examine.spec.ts',
        'test/lists/pages.spec.ts',
        'test/matrix/matrix.spec.ts',
        'test/queries/statements.spec.ts',
        'test/surfaces/surfaces.spec.ts',
      ]),
    );
    const { passed, failed, said } = await project.test(...specs);
    expect(failed, said).toEqual([]);
    expect(passed.length).toBeGreaterThan(800);
  });
  it('starts', async () => {
    await project.npm('build');
    const launcher = new Launched({ root: project.folder });
    const url = await launcher.whenReady();
    expect(await status(`${url}/health/ready`)).toBe(200);
    expect(await status(`${url}/v1/orders`)).toBe(404);
    expect(await launcher.stop()).toBe(0);
  });
});

describe('its specs fail', () => {
  it('when the contract was not renewed, or an import of what is gone was left over', async () => {
    const [contract, tables] = ['test/contract/openapi.json', 'src/demo/demo-tables.ts'];
    const before = [contract, tables].map((path) => [path, project.read(path)] as const);
    copyFileSync(join(root, contract), join(project.folder, contract));
    project.write(tables, `import '#src/demo/shop/demo-shop.js';\n${project.read(tables)}`);
    const [ofContract, ofDemo] = ['test/contract/contract.spec.ts', 'src/demo/demo-data.spec.ts'];
    expect(specs).toEqual(expect.arrayContaining([ofContract, ofDemo]));
    const { passed, failed } = await project.test(ofContract, ofDemo);
    for (const [path, text] of before) project.write(path, text);
    expect(failed).toContain(ofDemo);
    expect(failed).toEqual(expect.arrayContaining([expect.stringContaining('the contract that is kept here')]));
    // Each by itself, and no more than it.
    expect(passed).not.toEqual([]);
  });
  it('when a message is missing', async () => {
    const path = 'src/users/locales/ja.json';
    const before = project.read(path);
    const [, ...others] = Object.entries(JSON.parse(before) as Record<string, string>);
    project.write(path, JSON.stringify(Object.fromEntries(others)));
    const { failed } = await project.test('libs/messages/messages.spec.ts');
    project.write(path, before);
    expect(failed).not.toEqual([]);
  });
});
