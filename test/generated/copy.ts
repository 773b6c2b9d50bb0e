import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const left = new Set(['node_modules', 'dist', '.data', '.git']);

/** A copy of the project in a folder of its own, with the packages of this one. */
export class ProjectCopy {
  private constructor(readonly folder: string) {}

  static make(): ProjectCopy {
    const folder = mkdtempSync(join(tmpdir(), 'tandem-generated-'));
    cpSync(root, folder, {
      recursive: true,
      filter: (path) => !left.has(basename(path)) || relative(root, path) === '',
    });
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    return new ProjectCopy(folder);
  }
  /** Runs an npm script as somebody at a terminal does; rejects with its output when it fails. */
  async npm(script: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Promise<string> {
    const { code, output } = await this.tryNpm(script, args, env);
    if (code !== 0) throw new Error(`npm run ${script} ${args.join(' ')} ended with ${code}:\n${output.slice(-6000)}`);
    return output;
  }
  tryNpm(script: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
    return new Promise<{ code: number | null; output: string }>((resolve, reject) => {
      const child = spawn('npm', ['run', '-s', script, '--', ...args], {
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
  /** Replaces a text that has to be there. */
  edit(path: string, from: string, to: string): void {
    const text = this.read(path);
    if (!text.includes(from)) throw new Error(`${path} does not contain ${from}`);
    writeFileSync(join(this.folder, path), text.replaceAll(from, to));
  }
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
