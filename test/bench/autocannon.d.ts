/** As much of autocannon as the bench uses; the package brings no types. */
declare module 'autocannon' {
  import type { EventEmitter } from 'node:events';

  interface Client {
    setRequests(requests: object[]): void;
  }
  interface Options {
    url: string;
    connections: number;
    duration: number;
    timeout: number;
    requests: object[];
    setupClient(client: Client): void;
  }
  interface Run extends EventEmitter, PromiseLike<{ duration: number }> {
    on(event: 'response', listener: (client: Client, status: number, bytes: number, ms: number) => void): this;
    on(event: 'reqError', listener: (error: Error) => void): this;
  }
  export default function autocannon(options: Options): Run;
}
