import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';

/** Where the process is between its start and its end. Probes read it, long-lived streams listen to it. */
@Injectable()
export class Lifecycle implements OnApplicationBootstrap {
  private current: 'starting' | 'ready' | 'draining' = 'starting';
  private readonly listeners = new Set<() => void | Promise<void>>();

  get state(): 'starting' | 'ready' | 'draining' {
    return this.current;
  }
  get isDraining(): boolean {
    return this.current === 'draining';
  }

  onApplicationBootstrap(): void {
    if (this.current === 'starting') this.current = 'ready';
  }

  /** Calls `listener` once, when no more traffic should come: close streams and subscriptions. Returns how to undo it. */
  onDrain(listener: () => void | Promise<void>): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** From now on not ready. */
  startDraining(): void {
    this.current = 'draining';
  }

  /** Runs every `onDrain` listener; one that fails does not keep the others from running. */
  async closeStreams(): Promise<PromiseSettledResult<void>[]> {
    const listeners = [...this.listeners];
    this.listeners.clear();
    return Promise.allSettled(listeners.map(async (listener) => listener()));
  }
}
