import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build, Launched, projectRoot, removeFolder, temporaryFolder, until } from '../launcher/launched.js';

const run = promisify(execFile);

/** The built service with its demo data in a folder of its own, started as a user starts it. */
export class StartedService {
  private constructor(
    readonly url: string,
    private readonly launched: Launched,
    private readonly data: string,
  ) {}

  static async start(): Promise<StartedService> {
    build();
    const data = temporaryFolder();
    const launched = new Launched({ env: { DATA_DIR: data } });
    try {
      return new StartedService(await launched.whenReady(), launched, data);
    } catch (error) {
      await launched.stop();
      await removeFolder(data);
      throw error;
    }
  }

  async token(email: string): Promise<string> {
    const { stdout } = await run(process.execPath, [join(projectRoot, 'launcher/tandem.mjs'), 'token', email], {
      env: { PATH: process.env.PATH, DATA_DIR: this.data },
    });
    return stdout.trim();
  }

  /** What it logged as trouble of its own: no answer 4xx, such as a persisted query that it does not know yet. */
  get trouble(): string[] {
    return this.launched.stdout
      .split('\n')
      .filter((line) => /^\{"level":"(?:warn|error|fatal)"/.test(line) && !/"status":4\d\d,/.test(line));
  }

  async stop(): Promise<void> {
    await this.launched.stop();
    await removeFolder(this.data);
  }
}

/** Prism between a REST client and the service: it holds requests and answers against an OpenAPI document. */
export class Prism {
  log = '';
  readonly violations: string[] = [];
  readonly statuses: number[] = [];

  private constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (chunk: string) => (this.log += chunk));
  }

  static async start(document: string, upstream: string): Promise<Prism> {
    const bin = join(import.meta.dirname, 'node_modules/@stoplight/prism-cli/dist/index.js');
    const child = spawn(process.execPath, [bin, 'proxy', document, upstream, '--errors', '-p', '0'], {
      env: { PATH: process.env.PATH },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const prism = new Prism(child);
    await until('Prism listens', () => prism.url !== undefined || child.exitCode !== null);
    if (child.exitCode !== null) throw new Error(`Prism did not start:\n${prism.log}`);
    return prism;
  }

  get url(): string | undefined {
    return /Prism is listening on (\S+)/.exec(this.log)?.[1];
  }

  /** A `fetch` that notes what Prism says of each exchange. */
  readonly fetch: typeof fetch = async (input, init) => {
    const answer = await fetch(input, init);
    this.statuses.push(answer.status);
    const said = answer.headers.get('sl-violations');
    if (said) this.violations.push(said);
    return answer;
  };

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill();
    await once(this.child, 'exit');
  }
}
