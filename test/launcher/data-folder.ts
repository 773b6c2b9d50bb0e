import { join } from 'node:path';
import { readLock } from './disturbances.js';
import { databasePids, isAlive, Launched, note, query, removeFolder, temporaryFolder, until } from './launched.js';

export interface Serving {
  launcher: Launched;
  url: string;
  servicePid: number;
  /** PostgreSQL's lock file, which it removes when it ends. */
  lock: string;
}

/** A data folder that Tandem is started on again and again: each start leaves a row in it and finds those of all before. */
export class DataFolder {
  readonly path = join(temporaryFolder(), 'data');
  #rows = 0;
  readonly #launched: Launched[] = [];
  #serving: Serving | undefined;

  launch(...args: string[]): Launched {
    const launched = new Launched({ env: { DATA_DIR: this.path }, ...(args.length > 0 && { args }) });
    this.#launched.push(launched);
    return launched;
  }
  /** Resolves when it serves; rejects when something of the runs before is lost. */
  async start(launcher = this.launch()): Promise<Serving> {
    const url = await launcher.whenReady();
    console.info(`ready after ${((Date.now() - launcher.startedAt) / 1_000).toFixed(2)} s`);
    // Beside the tables of Tandem, whose rights doctor looks at.
    await query(this.path, 'create schema if not exists spec; create table if not exists spec.starts (run int)');
    await query(this.path, `insert into spec.starts values (${++this.#rows})`);
    if (!(await this.hasEveryRow())) throw new Error('Rows of the runs before are gone.');
    this.#serving = { launcher, url, servicePid: note(this.path)?.servicePid ?? 0, lock: readLock(this.path) };
    return this.#serving;
  }
  /** The Tandem that the test before has left running, or a new one. */
  async serving(): Promise<Serving> {
    return this.#serving && this.#serving.launcher.exitCode === undefined ? this.#serving : this.start();
  }
  /** Nothing runs on it, and Tandem has. */
  async stopped(): Promise<Serving> {
    const serving = this.#serving ?? (await this.start());
    await serving.launcher.stop();
    return serving;
  }
  async hasEveryRow(): Promise<boolean> {
    return (await query(this.path, 'select from spec.starts')).length === this.#rows;
  }
  async expectNothingLeft(servicePid: number): Promise<void> {
    await until('the service is gone', () => !isAlive(servicePid));
    await until('the database is gone', () => databasePids(this.path).length === 0);
  }
  async remove(): Promise<void> {
    for (const { child } of this.#launched) child.kill('SIGKILL');
    await removeFolder(join(this.path, '..'), this.path);
  }
}
