import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, inject, it, vi } from 'vitest';
import { MailModule } from '#libs/mail/mail.module.js';
import { Mails } from '#libs/mail/mails.js';
import { SecretsModule } from '#libs/secrets/secrets.module.js';
import { TestDatabase } from '#libs/testing/database.js';
import { JobWorker } from '#libs/testing/job-worker.js';
import { mails } from '#src/identity/mails.js';

const root = join(import.meta.dirname, '../..');
/** Issue: a killed worker's job runs again within 30 s. */
const LIMIT_MS = 30_000;

/** A mail server that takes a mail and says so only when the test lets it. */
class SlowMailServer {
  /** Mails whose senders wait for an answer. */
  readonly pending: Socket[] = [];
  answered = 0;
  answerAtOnce = false;
  private constructor(private readonly server: Server) {}
  static async start(): Promise<SlowMailServer> {
    const server = createServer((socket) => slow.talk(socket));
    const slow = new SlowMailServer(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return slow;
  }
  get url(): string {
    return `smtp://127.0.0.1:${(this.server.address() as AddressInfo).port}?ignoreTLS=true&socketTimeout=600000`;
  }
  answer(socket: Socket): void {
    this.answered++;
    socket.write('250 taken\r\n');
  }
  stop(): void {
    this.server.close();
    for (const socket of this.pending) socket.destroy();
  }
  private talk(socket: Socket): void {
    let inData = false;
    // The end of a mail may come in pieces.
    let last = '';
    socket.on('error', () => undefined).write('220 slow\r\n');
    socket.on('data', (chunk) => {
      const text = chunk.toString('latin1');
      if (inData) {
        last = (last + text).slice(-5);
        if (last !== '\r\n.\r\n') return;
        inData = false;
        if (this.answerAtOnce) this.answer(socket);
        else this.pending.push(socket);
      } else if (/^DATA/i.test(text)) {
        inData = true;
        socket.write('354 go on\r\n');
      } else if (/^QUIT/i.test(text)) socket.end('221 bye\r\n');
      else socket.write('250 ok\r\n');
    });
  }
}

let database: TestDatabase;
let server: SlowMailServer;
let sender: JobWorker;
const workers: ChildProcess[] = [];
const key = Buffer.alloc(32, 'key').toString('base64');

/** The service as it is built, as a worker. */
async function startWorker(): Promise<ChildProcess> {
  const worker = spawn(process.execPath, [join(root, 'dist/src/main.js')], {
    cwd: root,
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'test',
      LOG_LEVEL: 'info',
      ROLE: 'worker',
      PORT: '0',
      DATABASE_URL: database.servingUrl,
      SMTP_URL: server.url,
      ENCRYPTION_KEYS: key,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  worker.stdout.resume();
  workers.push(worker);
  return worker;
}
const job = async () =>
  (
    await database.sql<{ id: string; state: string; attempt: number; completed_on: Date | null; output: unknown }>(
      `select id, state, retry_count as attempt, completed_on, output from jobs.job where name = 'mail.deliver'
       order by created_on desc limit 1`,
    )
  )[0];

beforeAll(async () => {
  // The build that `npm start` would make.
  const build = spawn(process.execPath, [join(root, 'launcher/tandem.mjs'), 'build'], { cwd: root, stdio: 'inherit' });
  if ((await once(build, 'exit'))[0] !== 0) throw new Error('the build failed');
  database = await TestDatabase.clone(inject('testDatabase'));
  server = await SlowMailServer.start();
  sender = await JobWorker.start(database.servingUrl, { role: 'api', modules: [SecretsModule, MailModule] });
}, 300_000);
afterEach(async () => {
  for (const worker of workers.splice(0)) {
    if (worker.exitCode !== null || worker.signalCode !== null) continue;
    worker.kill('SIGCONT');
    worker.kill('SIGKILL');
    await once(worker, 'exit');
  }
  server.pending.length = 0;
  server.answerAtOnce = false;
});
afterAll(async () => {
  await sender.stop();
  server.stop();
  await database.drop();
});
const send = () =>
  sender.app.get(Mails).send(undefined, {
    to: 'ada@example.com',
    template: mails.register,
    locale: 'en',
    params: { name: 'Ada', path: '/x' },
  });
const soon = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 120_000, interval: 50 });

/** Two workers, of which the first one has the job and the second one could. */
async function workersOnOneJob(): Promise<{ first: ChildProcess; second: ChildProcess }> {
  const known = await instances();
  const [first, second] = [await startWorker(), await startWorker()];
  await soon(async () => expect(await instances()).toBe(known + 2));
  second.kill('SIGSTOP');
  await send();
  await soon(() => expect(server.pending).toHaveLength(1));
  return { first, second };
}
async function instances(): Promise<number> {
  const [{ n }] = await database.sql<{ n: number }>('select count(*)::int as n from jobs.instance');
  return n;
}

it('a killed worker’s job runs again within 30 s', async () => {
  const { first, second } = await workersOnOneJob();
  server.answerAtOnce = true;
  second.kill('SIGCONT');
  first.kill('SIGKILL');
  const killed = performance.now();
  await soon(async () => expect(await job()).toMatchObject({ state: 'completed', attempt: 1 }));
  const took = performance.now() - killed;
  console.log(`  a killed worker's job ran again after ${(took / 1000).toFixed(1)} s`);
  expect(took).toBeLessThan(LIMIT_MS);
});

it('what a worker finishes that was thought dead is refused', async () => {
  const { first, second } = await workersOnOneJob();
  first.kill('SIGSTOP');
  second.kill('SIGCONT');
  // The second attempt is under way when the first one wakes up and ends.
  await soon(() => expect(server.pending).toHaveLength(2));
  expect(await job()).toMatchObject({ state: 'active', attempt: 1 });
  let log = '';
  first.stdout!.setEncoding('utf8').on('data', (text: string) => (log += text));
  first.kill('SIGCONT');
  server.answer(server.pending[0]);
  await soon(() => expect(log).toContain('mail handed over'));
  // It leaves when all that it has done is settled.
  first.kill('SIGTERM');
  await once(first, 'exit');
  expect(await job()).toMatchObject({ state: 'active', attempt: 1, completed_on: null });
  server.answer(server.pending[1]);
  await soon(async () => expect(await job()).toMatchObject({ state: 'completed', attempt: 1 }));
});
