import { fork, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, readlinkSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

export const projectRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** How long a test waits for something that has to happen; reached only when it does not. */
const PATIENCE = 60_000;

export interface LaunchOptions {
  root?: string;
  env?: Record<string, string>;
  uid?: number;
  args?: string[];
}

/** A launcher process with its output, as somebody at a terminal meets it. */
export class Launched {
  stdout = '';
  stderr = '';
  readonly exited: Promise<number>;
  exitCode: number | undefined;
  readonly child: ChildProcess;
  readonly startedAt = Date.now();

  constructor({ root = projectRoot, env = {}, uid, args = ['start'] }: LaunchOptions) {
    this.child = spawn(runtimeOf(root), [join(root, 'launcher/tandem.mjs'), ...args], {
      cwd: root,
      // Nothing of the runner's own settings: each test says what is set.
      env: { PATH: process.env.PATH, HOME: '/nonexistent', LOG_LEVEL: 'warn', PORT: '0', ...env },
      uid,
      gid: uid,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (this.stdout += chunk));
    this.child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (this.stderr += chunk));
    this.exited = new Promise((resolve, reject) => {
      this.child.once('error', reject);
      this.child.once('close', (code, signal) => resolve((this.exitCode = code ?? (signal === 'SIGKILL' ? 137 : 143))));
    });
  }

  /** Resolves to the address of the service when the launcher says that it is ready. */
  async whenReady(): Promise<string> {
    await until('Tandem is ready', () => this.stdout.includes('Stop with Ctrl-C.') || this.exitCode !== undefined);
    const url = /Start page\s+(\S+)\//.exec(this.stdout)?.[1];
    if (!url) throw new Error(`Tandem did not become ready (exit code ${this.exitCode}):\n${this.stderr}`);
    return url;
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number> {
    this.child.kill(signal);
    return this.exited;
  }
}

/** Another user may not be able to enter the folder that our own runtime is in, but has the same one in the clone. */
function runtimeOf(root: string): string {
  const path = relative(projectRoot, process.execPath);
  return path.startsWith('..') ? process.execPath : join(root, path);
}

export interface Kept {
  keeper: ChildProcess;
  urls: { adminUrl: string; servingUrl: string };
  data: string;
}

/** A keeper as the global set-up of the tests starts it, with its data in `folder`. */
export async function keep(folder: string, { root = projectRoot, uid }: LaunchOptions = {}): Promise<Kept> {
  const before = new Set(readdirSync(folder));
  const keeper = fork(join(root, 'launcher/test-database-keeper.mjs'), [root], {
    execPath: runtimeOf(root),
    execArgv: [],
    cwd: root,
    env: { PATH: process.env.PATH, TMPDIR: folder },
    uid,
    gid: uid,
  });
  const urls = await new Promise<Kept['urls']>((resolve, reject) => {
    keeper.once('message', (message) => resolve(message as Kept['urls']));
    keeper.once('exit', (code) => reject(new Error(`The keeper ended with ${code}.`)));
  });
  const name = readdirSync(folder).find((entry) => entry.startsWith('tandem-test-') && !before.has(entry)) ?? '';
  return { keeper, urls, data: join(folder, name) };
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'tandem-spec-'));
}

/** Ends whatever still runs on this data folder, by process id, and removes the folder. */
export async function removeFolder(folder: string, data = folder): Promise<void> {
  for (const pid of [note(data)?.servicePid, ...databasePids(data)]) if (pid) kill(pid);
  await until('the processes are gone', () => databasePids(data).length === 0);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

export function build(): void {
  const result = spawnSync(process.execPath, [join(projectRoot, 'launcher/tandem.mjs'), 'build'], { encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`The build failed:\n${result.stdout}${result.stderr}`);
}

export function note(data: string): { servicePid: number; databaseUrl: string } | undefined {
  return json(join(data, 'running.json'));
}

/** The embedded server and its backends: they are the processes that live in its folder. */
export function databasePids(data: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readlinkSync(`/proc/${pid}/cwd`) === join(realpathSync(data), 'postgres');
      } catch {
        return false;
      }
    });
}

/** 0 while there is no server. */
export function postmasterPid(data: string): number {
  try {
    return Number(readFileSync(join(data, 'postgres/postmaster.pid'), 'utf8').split('\n')[0]);
  } catch {
    return 0;
  }
}

/** The ids of the users that these processes run under. */
export function usersOf(pids: number[]): Set<number> {
  return new Set(pids.map((pid) => Number(/^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])));
}

/** Runs a statement as the role that owns the embedded database. */
export async function query(data: string, sql: string): Promise<Record<string, unknown>[]> {
  const { port, passwords } = json(join(data, 'postgres.json'));
  return ask(`postgres://tandem_owner:${passwords.owner}@127.0.0.1:${port}/tandem`, sql);
}

export async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url);
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end().catch(() => {});
  }
}

export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

export function isAlive(pid: number): boolean {
  try {
    // A process that nobody has waited for yet is dead all the same.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`This did not come about: ${what}.`);
    await pause(25);
  }
}

export async function status(url: string): Promise<number> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(10_000) })).status;
  } catch {
    return 0;
  }
}

function json(path: string) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
