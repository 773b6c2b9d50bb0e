import { spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  globSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const left = new Set(['node_modules', 'dist', '.data', '.git']);

export const emptyFolder = () => mkdtempSync(join(tmpdir(), 'tandem-generated-'));

/** Full names of tests, and the end of what was said of them. */
export interface Report {
  passed: string[];
  failed: string[];
  said: string;
}

/** A project in a folder of its own, with the packages of this one where it has none. */
export class ProjectCopy {
  constructor(readonly folder: string) {
    const packages = join(folder, 'node_modules');
    if (!existsSync(packages)) symlinkSync(join(root, 'node_modules'), packages);
  }
  static make(): ProjectCopy {
    const folder = emptyFolder();
    cpSync(root, folder, { recursive: true, filter: (path) => !left.has(basename(path)) || path === root });
    return new ProjectCopy(folder);
  }
  /** Its files that are not as they are here; new ones too. */
  get differing(): string[] {
    const paths = globSync(['**/*', '.*', '.ci/*'], {
      cwd: this.folder,
      exclude: (path) => left.has(path.split('/')[0]),
    });
    return paths.filter((path) => {
      const [there, here] = [join(this.folder, path), join(root, path)];
      return statSync(there).isFile() && !(existsSync(here) && readFileSync(here).equals(readFileSync(there)));
    });
  }
  /** Runs an npm script as somebody at a terminal does; rejects with its output when it fails. */
  async npm(script: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Promise<string> {
    return this.#succeed('npm', ['run', '-s', script, '--', ...args], env);
  }
  /** Checks the format of these files. */
  async prettier(paths: readonly string[]): Promise<string> {
    const args = ['run', 'prettier/bin/prettier.cjs', '--check', '--ignore-unknown', ...paths];
    return this.#succeed(process.execPath, ['launcher/tandem.mjs', ...args]);
  }
  /** Runs tests; a file that cannot be loaded counts as a failed test of its path. */
  async test(...args: string[]): Promise<Report> {
    const file = `${this.folder}.report.json`;
    const { output } = await this.#run('npm', [
      'run',
      '-s',
      'test',
      '--',
      ...args,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${file}`,
    ]);
    if (!existsSync(file)) throw new Error(`The tests gave no report:\n${output.slice(-6000)}`);
    const { testResults } = JSON.parse(readFileSync(file, 'utf8')) as { testResults: TestFile[] };
    rmSync(file);
    const named = (status: string) =>
      testResults.flatMap((each) =>
        each.assertionResults.filter((test) => test.status === status).map((test) => test.fullName),
      );
    const broken = testResults.filter((each) => each.status === 'failed' && each.assertionResults.length === 0);
    const failed = [...broken.map(({ name }) => relative(this.folder, name)), ...named('failed')];
    return { passed: named('passed'), failed, said: output.slice(-6000) };
  }
  async #succeed(command: string, args: readonly string[], env?: Readonly<Record<string, string>>): Promise<string> {
    const { code, output } = await this.#run(command, args, env);
    if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${output.slice(-6000)}`);
    return output;
  }
  #run(command: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    return new Promise<{ code: number | null; output: string }>((resolve, reject) => {
      const child = spawn(command, args, {
        cwd: this.folder,
        env: { PATH: process.env.PATH, HOME: process.env.HOME, CI: 'true', NO_COLOR: '1', ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
      child.once('error', reject);
      child.once('close', (code) => resolve({ code, output }));
    });
  }
  read(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8');
  }
  write(path: string, text: string): void {
    writeFileSync(join(this.folder, path), text);
  }
  /** Replaces a text that has to be there. */
  edit(path: string, from: string, to: string): void {
    const text = this.read(path);
    if (!text.includes(from)) throw new Error(`${path} does not contain ${from}`);
    this.write(path, text.replaceAll(from, to));
  }
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
interface TestFile {
  name: string;
  status: string;
  assertionResults: { fullName: string; status: string }[];
}
