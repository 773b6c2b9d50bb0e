import { setTimeout as delay } from 'node:timers/promises';
import {
  Controller,
  Get,
  Injectable,
  Logger,
  Module,
  Post,
  Query as QueryParam,
  Res,
  UseGuards,
  type CanActivate,
} from '@nestjs/common';
import { GraphQLModule, Query, Resolver } from '@nestjs/graphql';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import type { FastifyReply } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { currentContext } from '#libs/context/request-context.js';
import { varyBy } from '#libs/http/edge/vary.js';
import { startWireApp, type WireApp } from './wire-app.js';

const seenByGuard: (string | undefined)[] = [];
@Injectable()
class Recorder implements CanActivate {
  canActivate(): boolean {
    seenByGuard.push(currentContext()?.correlationId);
    currentContext()!.principal = 'user:7';
    return true;
  }
}

@UseGuards(Recorder)
@Controller('context')
class ContextController {
  private readonly logger = new Logger('ContextController');
  @Get() async read() {
    await delay(1);
    this.logger.log('working for a@example.com with Bearer abc.def');
    currentContext()!.statements += 2;
    return { id: currentContext()?.correlationId };
  }
  @Post() async create() {
    await Promise.resolve();
    return { id: currentContext()?.correlationId };
  }
  @Get('stream') async stream(@QueryParam('secret') _secret: string, @Res() reply: FastifyReply) {
    reply.hijack();
    reply.raw.writeHead(200, { ...(reply.getHeaders() as Record<string, string>), 'content-type': 'text/plain' });
    reply.raw.write('one');
    await delay(5);
    reply.raw.end(currentContext()?.correlationId);
  }
  @Get('vary') vary(@Res({ passthrough: true }) reply: FastifyReply) {
    varyBy(reply, 'Accept-Language');
    varyBy(reply, 'accept-language');
    return {};
  }
}

@Resolver()
class ContextResolver {
  @Query(() => String) async correlation(): Promise<string> {
    await delay(1);
    currentContext()!.operation = 'query correlation';
    return currentContext()!.correlationId;
  }
}
@Module({
  imports: [GraphQLModule.forRoot<MercuriusDriverConfig>({ driver: MercuriusDriver, autoSchemaFile: true, jit: 1 })],
  providers: [ContextResolver],
})
class GraphqlModule {}

let wire: WireApp;
beforeAll(async () => {
  wire = await startWireApp({
    controllers: [ContextController],
    imports: [GraphqlModule],
    http: { corsOrigins: ['https://a.example.com'] },
  });
});
afterAll(() => wire.app.close());

const lineOf = async (correlationId: string) => {
  const find = () => wire.lines().filter((line) => line.msg === 'request' && line.correlationId === correlationId);
  await expect.poll(() => find().length).toBe(1);
  return find()[0];
};

describe('the context', () => {
  it('is one for guard, handler, header and log, and never mixed up', async () => {
    const ids = Array.from({ length: 50 }, (_, i) => `c-${i}`);
    const answers = await Promise.all(
      ids.map(async (id) => {
        const response = await fetch(`${wire.url}/context`, { headers: { 'x-correlation-id': id } });
        return [response.headers.get('x-correlation-id'), ((await response.json()) as { id: string }).id];
      }),
    );
    expect(answers).toEqual(ids.map((id) => [id, id]));
    expect(seenByGuard).toEqual(expect.arrayContaining(ids));
  });
  it('is there after a body was parsed', async () => {
    const response = await fetch(`${wire.url}/context`, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json', 'x-correlation-id': 'posted' },
    });
    expect(await response.json()).toEqual({ id: 'posted' });
  });
  it('is there in GraphQL resolvers, compiled or not', async () => {
    for (const id of ['g-1', 'g-2', 'g-3', 'g-4']) {
      const response = await fetch(`${wire.url}/graphql`, {
        method: 'POST',
        body: JSON.stringify({ query: '{ correlation }' }),
        headers: { 'content-type': 'application/json', 'x-correlation-id': id },
      });
      expect(await response.json()).toEqual({ data: { correlation: id } });
    }
    expect(await lineOf('g-4')).toMatchObject({ operation: 'query correlation', method: 'POST', bytesIn: 27 });
  });
  it('replaces an id that nobody should have to read in a log', async () => {
    const response = await fetch(`${wire.url}/context`, { headers: { 'x-correlation-id': 'a b;<x>' } });
    expect(response.headers.get('x-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('the request line', () => {
  it('says who did what, for how long and with how much, and nothing more', async () => {
    const response = await fetch(`${wire.url}/context?email=a@example.com&token=SECRET`, {
      headers: {
        'x-correlation-id': 'line-1',
        traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
        'x-client-platform': 'ios',
        'x-client-version': '4.2.0',
        authorization: 'Bearer SECRET',
        cookie: 'session=SECRET',
        'user-agent': 'SECRET',
      },
    });
    const { length } = await response.text();
    const line = await lineOf('line-1');
    expect(line).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      principal: 'user:7',
      operation: 'GET /context',
      method: 'GET',
      status: 200,
      durationMs: expect.any(Number),
      bytesIn: 0,
      bytesOut: length,
      correlationId: 'line-1',
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      clientPlatform: 'ios',
      clientVersion: '4.2.0',
      statements: 2,
      msg: 'request',
    });
    expect(wire.logText().match(/SECRET|example\.com|127\.0\.0\.1/)).toBeNull();
  });
  it('counts what a stream has sent', async () => {
    const response = await fetch(`${wire.url}/context/stream?secret=SECRET`, {
      headers: { 'x-correlation-id': 'stream-1' },
    });
    expect(response.headers.get('x-correlation-id')).toBe('stream-1');
    expect(await response.text()).toBe('onestream-1');
    const line = await lineOf('stream-1');
    expect(line).toMatchObject({ operation: 'GET /context/stream', status: 200 });
    expect(line.bytesOut).toBeGreaterThan(11);
  });
  it('counts the bytes of one answer, not of the connection', async () => {
    const { Agent, request } = await import('node:http');
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const call = (id: string) =>
      new Promise<void>((resolve) =>
        request(
          `${wire.url}/context/stream`,
          { agent, headers: { 'x-correlation-id': id } },
          (response) => void response.resume().on('end', () => resolve()),
        ).end(),
      );
    await call('same-1');
    await call('same-2');
    const [first, second] = [await lineOf('same-1'), await lineOf('same-2')];
    expect(second.bytesOut).toBe(first.bytesOut);
    agent.destroy();
  });
});

it('costs no middleware: neither nestjs-pino nor anybody else has one', () => {
  expect(wire.fastify.hasPlugin('@fastify/middie')).toBe(false);
});

describe('application lines', () => {
  it('carry the ids of the request and lose addresses and tokens', async () => {
    await fetch(`${wire.url}/context`, { headers: { 'x-correlation-id': 'app-1' } });
    await lineOf('app-1');
    const line = wire.lines().find((entry) => entry.correlationId === 'app-1' && entry.msg !== 'request');
    expect(line).toMatchObject({
      level: 'info',
      context: 'ContextController',
      msg: 'working for [email] with Bearer [token]',
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
  });
});

describe('varyBy', () => {
  it('adds to what others have said, once', async () => {
    const response = await fetch(`${wire.url}/context/vary`);
    expect(response.headers.get('vary')).toBe('Origin, Accept-Language');
  });
});
