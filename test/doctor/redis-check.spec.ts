import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { redis } from '#libs/doctor/redis-check.js';
import { hasRedis, RedisServer } from '#test/limits/redis.js';

const patience = { connect: 500, statement: 500 };

describe('Redis', () => {
  let server: RedisServer | undefined;
  beforeAll(async () => {
    if (hasRedis) server = await RedisServer.start();
  });
  afterAll(() => server?.remove());

  it.skipIf(!hasRedis)('that answers is fine', async () => {
    expect(await redis(server!.url, { connect: 5000, statement: 5000 })).toMatchObject({
      status: 'ok',
      message: expect.stringMatching(/^127\.0\.0\.1:\d+ answers: Redis \d/),
    });
  });
  it('that is not there is a warning with a cure', async () => {
    expect(await redis('redis://:secret@127.0.0.1:9', patience)).toMatchObject({
      status: 'warning',
      message: expect.not.stringContaining('secret'),
      cure: expect.stringContaining('REDIS_URL'),
    });
  });
  it.each([
    ['hangs', '', 'warning', 'no answer in time'],
    ['refuses the password', '-WRONGPASS invalid username-password pair\r\n', 'problem', 'password is refused'],
  ])('that %s is told in time', async (_, answer, status, message) => {
    const fake = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', () => void (answer && socket.write(answer)));
    }).listen(0, '127.0.0.1');
    await once(fake, 'listening');
    const { port } = fake.address() as AddressInfo;
    expect(await redis(`redis://:secret@127.0.0.1:${port}`, patience)).toMatchObject({
      status,
      message: expect.stringContaining(message),
    });
    fake.close();
  });
});
