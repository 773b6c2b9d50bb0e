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
    return `smtp://127.0.0.1:${(this.server.address() as AddressInfo).port}?ignoreTLS=true`;
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
    socket.on('error', () => undefined).write('220 slow\r\n');
    socket.on('data', (chunk) => {
      const text = chunk.toString('latin1');
      if (inData) {
        if (!text.endsWith('\r\n.\r\n')) return;
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
const soon = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 90_000, interval: 50 });

it('a killed worker’s job runs again within 30 s', async () => {
  const first = await startWorker();
  await send();
  await soon(() => expect(server.pending).toHaveLength(1));
  await startWorker();
  await vi.waitFor(
    async () => {
      const [{ count }] = await database.sql<{ count: string }>(
        'select count(*) from jobs.instance where stopped_on is null',
      );
      expect(Number(count)).toBe(2);
    },
    { timeout: 60_000, interval: 100 },
  );
  first.kill('SIGKILL');
  const killed = performance.now();
  server.answerAtOnce = true;
  await soon(async () => expect(await job()).toMatchObject({ state: 'completed', attempt: 1 }));
  const took = performance.now() - killed;
  console.log(`  a killed worker's job ran again after ${(took / 1000).toFixed(1)} s`);
  expect(took).toBeLessThan(LIMIT_MS);
});

it('what a worker finishes that was thought dead is refused', async () => {
  const first = await startWorker();
  await send();
  await soon(() => expect(server.pending).toHaveLength(1));
  first.kill('SIGSTOP');
  await startWorker();
  // The second attempt is under way when the first one wakes up and ends.
  await soon(() => expect(server.pending).toHaveLength(2));
  expect(await job()).toMatchObject({ state: 'active', attempt: 1 });
  first.kill('SIGCONT');
  let log = '';
  first.stdout!.setEncoding('utf8').on('data', (text: string) => (log += text));
  server.answer(server.pending[0]);
  await soon(() => expect(log).toContain('mail handed over'));
  // It leaves when all that it has done is settled.
  first.kill('SIGTERM');
  await once(first, 'exit');
  expect(await job()).toMatchObject({ state: 'active', attempt: 1, completed_on: null });
  server.answer(server.pending[1]);
  await soon(async () => expect(await job()).toMatchObject({ state: 'completed', attempt: 1 }));
});
