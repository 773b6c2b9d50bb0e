import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Launched, projectRoot, temporaryFolder } from './launched.js';

let root: string;

beforeEach(() => {
  root = temporaryFolder();
  cpSync(join(projectRoot, 'launcher'), join(root, 'launcher'), { recursive: true });
  for (const name of ['package.json', 'nest-cli.json', 'rolldown.config.mjs', 'tsconfig.json', 'tsconfig.build.json']) {
    cpSync(join(projectRoot, name), join(root, name));
  }
  symlinkSync(join(projectRoot, 'node_modules'), join(root, 'node_modules'));
  mkdirSync(join(root, 'src'));
  source('src/greeting.ts', `export const greeting: string = 'first';\n`);
  source('src/main.ts', `import { greeting } from '#src/greeting.js';\nprocess.stdout.write(greeting);\n`);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function source(path: string, text: string): void {
  writeFileSync(join(root, path), text);
}

async function build(): Promise<{ exitCode: number; built: boolean; output: string }> {
  const launcher = new Launched({ root, args: ['build'] });
  const exitCode = await launcher.exited;
  const output = launcher.stdout + launcher.stderr;
  return { exitCode, built: output.includes('Building Tandem'), output };
}

test('builds when a source has changed and only then', async () => {
  expect(await build()).toMatchObject({ exitCode: 0, built: true });
  expect(await build()).toMatchObject({ exitCode: 0, built: false });

  // The same text written anew, as git does on a change of branches, is no change.
  source('src/greeting.ts', readFileSync(join(root, 'src/greeting.ts'), 'utf8'));
  source('src/main.spec.ts', 'not even TypeScript');
  expect(await build()).toMatchObject({ exitCode: 0, built: false });

  rmSync(join(root, 'src/greeting.ts'));
  source('src/main.ts', `process.stdout.write('second');\n`);
  expect(await build()).toMatchObject({ exitCode: 0, built: true });
  expect(readFileSync(join(root, 'dist/src/main.js'), 'utf8')).toMatch(/^(?!.*first).*second/s);
}, 120_000);

test('a build that fails says so, and is tried again', async () => {
  source('src/greeting.ts', `export const greeting: string = 1;\n`);
  const failed = await build();
  expect(failed).toMatchObject({ exitCode: 1, built: true });
  expect(failed.output).toContain('src/greeting.ts');
  expect(failed.output).toMatch(/The build failed\.\nCorrect the errors above and start again\.\n$/);
  expect(await build()).toMatchObject({ exitCode: 1, built: true });
}, 120_000);

test('a stack trace of the build names source file and line', async () => {
  for (const path of ['src/main.ts', 'src/heap.ts']) cpSync(join(projectRoot, path), join(root, path));
  source(
    'src/greeting.ts',
    `interface Greeting {\n  text: string;\n}\nexport function greet({ text }: Greeting) {\n  throw new Error(text);\n}\n`,
  );
  source('src/serve.ts', `import { greet } from '#src/greeting.js';\n\ngreet({ text: 'hello' });\n`);
  expect(await build()).toMatchObject({ exitCode: 0 });
  const stack = () => spawnSync(process.execPath, [join(root, 'dist/src/main.js')], { encoding: 'utf8' }).stderr;
  expect(stack()).toMatch(
    /Error: hello\n +at greet \(\S+src\/greeting\.ts:5:9\)\n +at <anonymous> \(\S+src\/serve\.ts:3:1/,
  );

  const chunks = join(root, 'dist/chunks');
  for (const name of readdirSync(chunks)) if (name.endsWith('.map')) rmSync(join(chunks, name));
  expect(stack(), 'control: without the maps').not.toContain('greeting.ts');
}, 120_000);

test('what an earlier build wrote stays for an hour after a build without it', async () => {
  const chunk = join(root, 'dist/chunks/earlier.js');
  mkdirSync(join(root, 'dist/chunks'), { recursive: true });
  source('dist/chunks/earlier.js', '');
  utimesSync(chunk, 0, 0);
  source('src/greeting.ts', `export const greeting = 'third';\n`);
  source('src/main.ts', `export * from './greeting.js';\n`);
  source('src/serve.ts', '');
  expect(await build()).toMatchObject({ exitCode: 0, built: true });
  expect(existsSync(chunk)).toBe(true);

  const outdated = join(root, 'dist/.outdated.json');
  expect(JSON.parse(readFileSync(outdated, 'utf8'))).toHaveProperty([chunk]);
  writeFileSync(outdated, JSON.stringify({ [chunk]: Date.now() - 3_700_000 }));
  source('src/greeting.ts', `export const greeting = 'fourth';\n`);
  expect(await build()).toMatchObject({ exitCode: 0, built: true });
  expect(existsSync(chunk)).toBe(false);
}, 120_000);
