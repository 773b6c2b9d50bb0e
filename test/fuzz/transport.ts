import { Agent, request } from 'node:http';

/** A request as it goes over the wire: nothing is made tidy on the way. */
export interface Sent {
  readonly method: string;
  /** Path and query, as they stand in the request line. */
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: Buffer;
}
export interface Received {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Sends requests over connections that are kept, unlike `fetch` without looking at what they say. */
export class Wire {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 8 });
  /** Requests that were answered. */
  count = 0;

  constructor(readonly url: string) {}

  async send(sent: Sent): Promise<Received> {
    for (let attempt = 1; ; attempt++)
      try {
        return await this.once(sent);
      } catch (error) {
        // The server closes a connection after some refusals, and may just have done so.
        if (attempt > 3 || !['ECONNRESET', 'EPIPE'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
      }
  }
  private once({ method, target, headers, body }: Sent): Promise<Received> {
    const { hostname, port } = new URL(this.url);
    return new Promise((resolve, reject) => {
      const outgoing = request({ hostname, port, method, path: target, agent: this.agent, setDefaultHeaders: false });
      outgoing.setHeader('host', `${hostname}:${port}`);
      const several = new Map<string, string[]>();
      for (const [name, value] of headers)
        several.set(name.toLowerCase(), [...(several.get(name.toLowerCase()) ?? []), value]);
      for (const [name, values] of several) outgoing.setHeader(name, values.length === 1 ? values[0] : values);
      if (body) outgoing.setHeader('content-length', body.length);
      else if (method !== 'GET' && method !== 'HEAD') outgoing.setHeader('content-length', 0);
      outgoing.on('error', reject);
      outgoing.on('response', (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          this.count++;
          const fields = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]);
          resolve({
            status: incoming.statusCode!,
            headers: Object.fromEntries(fields) as Record<string, string>,
            text: Buffer.concat(chunks).toString(),
          });
        });
      });
      outgoing.end(body);
    });
  }
  close(): void {
    this.agent.destroy();
  }
}
