import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import pg from 'pg';

/**
 * A pooler in transaction mode, as small as can be: a client has a server connection from its first message to the end of
 * a transaction, and the next time whichever has been free for longest. Like PgBouncer before 1.21 it knows nothing of
 * prepared statements. Any password will do.
 */
export class TransactionPooler {
  private readonly free: Socket[] = [];
  private readonly waiting: (() => void)[] = [];
  private readonly clients = new Set<Socket>();

  private constructor(
    private readonly backends: readonly pg.Client[],
    private readonly server: Server,
    private readonly target: string,
  ) {}

  static async start(url: string, size: number): Promise<TransactionPooler> {
    const backends = Array.from({ length: size }, () => new pg.Client({ connectionString: url }));
    const server = createServer();
    const pooler = new TransactionPooler(backends, server, url);
    for (const backend of backends) {
      backend.on('error', () => undefined);
      await backend.connect();
      const { stream } = (backend as unknown as { connection: { stream: Socket } }).connection;
      stream.removeAllListeners('data');
      pooler.free.push(stream);
    }
    server.on('connection', (socket) => pooler.serve(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return pooler;
  }
  get url(): string {
    const url = new URL(this.target);
    url.port = String((this.server.address() as AddressInfo).port);
    return url.href;
  }
  async stop(): Promise<void> {
    for (const client of this.clients) client.destroy();
    for (const backend of this.backends)
      (backend as unknown as { connection: { stream: Socket } }).connection.stream.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
  private serve(client: Socket): void {
    this.clients.add(client);
    client.on('error', () => undefined).on('close', () => this.clients.delete(client));
    client.once('data', () => {
      // AuthenticationOk, a process id of our own, ReadyForQuery.
      client.write(Buffer.concat([message('R', int32(0)), message('K', int32(4_000_000), int32(1)), idle]));
      this.forward(client);
    });
  }
  private forward(client: Socket): void {
    let backend: Socket | undefined;
    let queued = Promise.resolve();
    client.on('data', (chunk: Buffer) => {
      queued = queued.then(async () => {
        // Terminate is for us: the server connection stays.
        if (chunk[0] === 0x58) {
          client.end();
          return;
        }
        if (!backend) {
          const taken = (backend = await this.take());
          taken.removeAllListeners('data');
          taken.on('data', (answer: Buffer) => {
            client.write(answer);
            // ReadyForQuery, outside of a transaction, is the last message of an answer.
            if (!answer.subarray(-idle.length).equals(idle)) return;
            backend = undefined;
            this.giveBack(taken);
          });
        }
        backend.write(chunk);
      });
    });
  }
  private async take(): Promise<Socket> {
    while (this.free.length === 0) await new Promise<void>((resolve) => this.waiting.push(resolve));
    return this.free.shift()!;
  }
  private giveBack(backend: Socket): void {
    this.free.push(backend);
    this.waiting.shift()?.();
  }
}

const int32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const message = (type: string, ...parts: Buffer[]) => {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
};
const idle = message('Z', Buffer.from('I'));
