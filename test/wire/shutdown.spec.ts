import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { Controller, Get, Injectable, Module, type OnModuleDestroy } from '@nestjs/common';
import { afterEach, describe, expect, it } from 'vitest';
import { Lifecycle } from '#libs/http/edge/lifecycle.js';
import { installShutdown, type ShutdownOptions } from '#libs/http/edge/shutdown.js';
import { HealthModule } from '#src/health/health.module.js';
import { open, parseResponse, readAll } from './raw-http.js';
import { startWireApp, type WireApp } from './wire-app.js';

/** What happened, in order. */
let events: string[] = [];
let release: () => void = () => undefined;

@Controller()
class WorkController {
  @Get('work') async work() {
    events.push('work begins');
    await new Promise<void>((resolve) => (release = resolve));
    events.push('work ends');
    return { done: true };
  }
  @Get('quick') quick() {
    return { quick: true };
  }
}
@Injectable()
class Pool implements OnModuleDestroy {
  onModuleDestroy() {
    events.push('pool closes');
  }
}
@Module({ imports: [HealthModule], providers: [Pool] })
class WorkModule {}

let uninstall: () => void = () => undefined;
afterEach(() => uninstall());

async function start(options: Partial<ShutdownOptions> = {}) {
  events = [];
  const wire = await startWireApp({ controllers: [WorkController], imports: [WorkModule] });
  let exited: (code: number) => void = () => undefined;
  const exit = new Promise<number>((resolve) => (exited = resolve));
  uninstall = installShutdown(wire.app, {
    graceSeconds: 5,
    drainSeconds: 0.1,
    ...options,
    exit: (code) => {
      events.push(`exit ${code}`);
      exited(code);
    },
  });
  /** The handler is called and no signal is sent: that would reach the test runner too. */
  const signal = (name: NodeJS.Signals) => process.listeners(name).at(-1)!(name);
  return { wire, signal, exit };
}
const status = async (wire: WireApp, path: string) => (await fetch(wire.url + path)).status;

describe('health', () => {
  it('is live, ready and started while it serves', async () => {
    const { wire } = await start();
    for (const probe of ['live', 'ready', 'startup']) {
      const response = await fetch(`${wire.url}/health/${probe}`);
      expect(response.status, probe).toBe(200);
      expect(await response.json(), probe).toMatchObject({ status: 'ok' });
      expect(response.headers.get('cache-control')).toBe('private, no-store');
    }
    await wire.app.close();
  });
  it('is live and started, but not ready, while it drains', async () => {
    const { wire } = await start();
    wire.app.get(Lifecycle).startDraining();
    expect(await status(wire, '/health/live')).toBe(200);
    expect(await status(wire, '/health/startup')).toBe(200);
    const response = await fetch(`${wire.url}/health/ready`);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(await response.json()).toMatchObject({
      error: {
        code: 'UNAVAILABLE',
        details: [{ field: 'application', code: 'STATE', message: 'This is not ready: draining.' }],
      },
    });
    await wire.app.close();
  });
  it('leaves successful probes out of the log at level info', async () => {
    const { wire } = await start();
    await status(wire, '/health/ready');
    await expect.poll(() => wire.lines().at(-1)).toMatchObject({ operation: 'GET /health/ready', level: 'debug' });
    await wire.app.close();
  });
});

describe('SIGTERM', () => {
  it('serves on, unready, finishes what runs, and only then closes the modules', async () => {
    const { wire, signal, exit } = await start({ drainSeconds: 1 });
    const lifecycle = wire.app.get(Lifecycle);
    lifecycle.onDrain(() => void events.push('streams close'));
    const working = fetch(`${wire.url}/work`).then((response) => response.json());
    await expect.poll(() => events).toEqual(['work begins']);

    signal('SIGTERM');
    expect(await status(wire, '/health/ready')).toBe(503);
    const served = await fetch(`${wire.url}/quick`);
    expect(served.status).toBe(200);
    expect(served.headers.get('connection')).toBe('close');

    await expect.poll(() => events, { timeout: 10_000 }).toContain('streams close');
    await expect.poll(() => wire.app.getHttpServer().listening).toBe(false);
    expect(events).not.toContain('pool closes');
    release();
    expect(await working).toEqual({ done: true });
    expect(await exit).toBe(0);
    expect(events).toEqual(['work begins', 'streams close', 'work ends', 'pool closes', 'exit 0']);
  });

  it('does not wait for connections that nobody uses', async () => {
    const { wire, signal, exit } = await start({ graceSeconds: 60 });
    const idle = await open(wire.port, 'GET /quick HTTP/1.1\r\nHost: a\r\n\r\n');
    await once(idle, 'data');
    const unused = await open(wire.port);
    const gone = Promise.all([readAll(idle), readAll(unused)]);
    signal('SIGINT');
    expect(await exit).toBe(0);
    await gone;
  });

  it('closes a connection after the answer that it was busy with', async () => {
    const { wire, signal, exit } = await start({ graceSeconds: 60 });
    const socket = await open(wire.port, 'GET /work HTTP/1.1\r\nHost: a\r\n\r\n');
    const answer = readAll(socket);
    await expect.poll(() => events).toEqual(['work begins']);
    signal('SIGINT');
    await delay(20);
    release();
    expect(parseResponse(await answer).status).toBe(200);
    expect(await exit).toBe(0);
  });

  it('cuts requests that do not end, closes the modules, and is on time', async () => {
    const { wire, signal, exit } = await start({ graceSeconds: 0.5 });
    const working = fetch(`${wire.url}/work`);
    const failed = expect(working).rejects.toThrow();
    await expect.poll(() => events).toEqual(['work begins']);
    signal('SIGINT');
    expect(await exit).toBe(0);
    await failed;
    expect(events).toEqual(['work begins', 'pool closes', 'exit 0']);
    release();
  });

  it('leaves at the end of the grace even when a stream does not close', async () => {
    const { wire, signal, exit } = await start({ graceSeconds: 0.2 });
    wire.app.get(Lifecycle).onDrain(() => new Promise<void>(() => undefined));
    signal('SIGINT');
    expect(await exit).toBe(1);
    await wire.app.close();
  });

  it('leaves at once at the second signal', async () => {
    const { wire, signal, exit } = await start({ graceSeconds: 60, drainSeconds: 50 });
    signal('SIGTERM');
    signal('SIGINT');
    expect(await exit).toBe(1);
    await wire.app.close();
  });

  it('goes on when a listener fails', async () => {
    const { wire, signal, exit } = await start();
    const lifecycle = wire.app.get(Lifecycle);
    lifecycle.onDrain(() => {
      throw new Error('cannot close');
    });
    lifecycle.onDrain(() => void events.push('the other closes'));
    lifecycle.onDrain(() => void events.push('undone'))();
    signal('SIGINT');
    expect(await exit).toBe(0);
    expect(events).toEqual(['the other closes', 'pool closes', 'exit 0']);
    expect(wire.logText()).toContain('cannot close');
  });
});
