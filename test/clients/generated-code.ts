import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const run = promisify(execFile);
export const bin = (name: string) => join(import.meta.dirname, 'node_modules/.bin', name);

/** A folder below this one, so that what is generated there finds the packages that it imports. */
export class GeneratedCode {
  readonly folder: string;
  readonly document: string;

  constructor(name: string) {
    this.folder = join(import.meta.dirname, 'node_modules/.cache', name);
    this.document = join(this.folder, 'openapi.json');
    this.remove();
    mkdirSync(this.folder, { recursive: true });
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  /** openapi-typescript: `schema.d.ts`. */
  async types(): Promise<void> {
    await run(bin('openapi-typescript'), [this.document, '-o', join(this.folder, 'schema.d.ts')]);
  }

  /** @hey-api/openapi-ts: `client/`. */
  async sdk(): Promise<void> {
    const args = ['-i', this.document, '-o', join(this.folder, 'client'), '-c', '@hey-api/client-fetch'];
    await run(bin('openapi-ts'), args, { cwd: this.folder });
  }

  /** What the compiler says of these files, with everything strict and nothing skipped. */
  async compile(...files: string[]): Promise<string> {
    const compilerOptions = {
      noEmit: true,
      strict: true,
      target: 'es2022',
      module: 'esnext',
      moduleResolution: 'bundler',
      lib: ['es2024', 'dom', 'dom.iterable'],
      types: [],
    };
    this.write('tsconfig.json', JSON.stringify({ compilerOptions, files }));
    try {
      await run(bin('tsc'), ['-p', this.folder]);
      return '';
    } catch (error) {
      return (error as { stdout: string }).stdout;
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
