import { createClient, defineScript, type CommandParser } from '@redis/client';
import { Ledger, MAX_BLOCK, type Ask, type Grant } from './ledger.js';

// One key a call, so that a cluster may keep each budget where it likes. Times are Redis's own.
const lease = defineScript({
  NUMBER_OF_KEYS: 1,
  SCRIPT: `
    local limit, ttl, age, spent, returned = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
    local wanted, instances, most = tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9])
    local state = redis.call('HMGET', KEYS[1], 'used', 'window')
    local used, window = tonumber(state[1]), state[2]
    if not used then
      local time = redis.call('TIME')
      used, window = 0, time[1] .. time[2]
      redis.call('HSET', KEYS[1], 'used', 0, 'window', window)
      redis.call('PEXPIRE', KEYS[1], math.max(1, ttl - age))
    end
    if ARGV[6] == window then used = math.max(0, used - returned) end
    used = used + spent
    local rest = math.max(0, limit - used)
    local granted = 0
    if wanted > 0 then
      granted = math.min(rest, math.max(wanted, math.min(most, math.max(math.ceil(limit / 100), math.ceil(rest / (instances + 1))))))
    end
    redis.call('HSET', KEYS[1], 'used', used + granted)
    return { granted, rest - granted, window, redis.call('PTTL', KEYS[1]) }`,
  parseCommand(parser: CommandParser, { key, ...ask }: Ask, instances: number) {
    parser.pushKey(`tandem:budget:${key.toString('base64url')}`);
    parser.push(
      ...[ask.limit, ask.ttl, ask.age, ask.spent, ask.returned, ask.window ?? '', ask.wanted, instances, MAX_BLOCK].map(
        String,
      ),
    );
  },
  transformReply: ([granted, rest, window, endsIn]: [number, number, string, number]): Grant => ({
    granted,
    rest,
    window,
    endsIn: Math.max(1, endsIn),
  }),
});
const beat = defineScript({
  NUMBER_OF_KEYS: 1,
  SCRIPT: `
    local now = tonumber(redis.call('TIME')[1])
    redis.call('ZADD', KEYS[1], now, ARGV[1])
    redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - 15)
    redis.call('EXPIRE', KEYS[1], 60)
    return redis.call('ZCARD', KEYS[1])`,
  parseCommand(parser: CommandParser, instance: string) {
    parser.pushKey(INSTANCES);
    parser.push(instance);
  },
  transformReply: (count: number) => count,
});
const INSTANCES = 'tandem:budget-instances';

/** Milliseconds; who waits longer is served from the instance's own share. */
const TIMEOUT = 250;
const MAX_RECONNECT_DELAY = 2000;

const clientOf = (url: string) =>
  createClient({
    url,
    scripts: { lease, beat },
    // A request does not wait for a server that is away.
    disableOfflineQueue: true,
    commandOptions: { timeout: TIMEOUT },
    socket: {
      connectTimeout: 2000,
      reconnectStrategy: (retries) => Math.min(MAX_RECONNECT_DELAY, 50 * 2 ** retries) * (0.5 + Math.random() / 2),
    },
  });

/** Budgets in Redis 6.2 or newer. What it loses makes budgets full again. */
export class RedisLedger extends Ledger {
  private readonly client: ReturnType<typeof clientOf>;
  private readonly connected: Promise<unknown>;

  constructor(url: string) {
    super();
    this.client = clientOf(url);
    // Each command that fails says so, too.
    this.client.on('error', () => undefined);
    this.connected = this.client.connect();
    this.connected.catch(() => undefined);
  }
  override lease(asks: readonly Ask[], instances: number): Promise<Grant[]> {
    return Promise.all(asks.map((ask) => this.client.lease(ask, instances)));
  }
  override async beat(instance: string): Promise<number> {
    // At the start; later on a server that is away is noticed at once.
    await this.connected;
    return this.client.beat(instance);
  }
  override async leave(instance: string): Promise<void> {
    try {
      await this.client.zRem(INSTANCES, instance);
    } finally {
      this.client.destroy();
    }
  }
}
