import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);

// What test/bench does, small and short.
it('the bench compares all workloads, and measures what has nothing to be compared with', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-bench-test-'));
  try {
    const launcher = join(root, 'launcher/tandem.mjs');
    await run(process.execPath, [launcher, 'build'], { cwd: root });
    const json = join(folder, 'figures.json');
    await run(process.execPath, [launcher, 'bench', '--quick', '--json', json], { cwd: root });
    const { results, ...rest } = JSON.parse(await readFile(json, 'utf8')) as {
      results: { name: string; ratio: Record<string, number> }[];
    };
    expect(results.length).toBeGreaterThan(3);
    for (const { ratio } of results) for (const value of Object.values(ratio)) expect(value).toBeGreaterThan(0);
    const figures = { service: expect.any(Number), postgres: expect.any(Number) };
    expect(rest).toMatchObject({
      limits: { spend: expect.any(Number), check: expect.any(Number) },
      signIn: { signIn: figures, refresh: figures, hash: expect.any(Number) },
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
