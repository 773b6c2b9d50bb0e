import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import { median } from './measure.mjs';
import { built } from './preparation.mjs';

const ACCOUNTS = 1_000;
const CALLS = 200_000;
const ROUNDS = 5;

/**
 * CPU in ms, garbage collection included, that recognizing a token and counting its request costs: what every request of
 * the API pays for being limited. The ledger answers at once, so this is the service's own part; `questions` is how often
 * it was asked.
 * @param {string} root
 */
export async function measureLimits(root) {
  const { ExternalTokens, LeasedBudgets, RateLimits, TokenVerifier } = await built(root);

  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const kid = 'bench';
  const keys = { published: [{ kid, publicJwk: publicKey.export({ format: 'jwk' }) }], onChange: () => undefined };
  const config = { tokens: { issuer: 'bench', audience: 'bench', issuers: [] } };
  const tokens = new TokenVerifier(config, keys, new ExternalTokens(config));
  const exp = Math.floor(Date.now() / 1000) + 3600;
  /** @type {string[]} */
  const headers = [];
  for (let i = 0; i < ACCOUNTS; i++) {
    const claims = { iss: 'bench', aud: 'bench', sub: randomUUID(), client_id: 'bench', scope: 'api', exp };
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid })
      .setIssuedAt()
      .sign(privateKey);
    headers.push(`Bearer ${token}`);
  }
  const startedChecks = process.cpuUsage();
  for (const header of headers) tokens.verify(header.slice('Bearer '.length));
  const check = cpuSince(startedChecks) / ACCOUNTS;

  let questions = 0;
  const ledger = {
    /** @param {{ wanted: number, limit: number }[]} asks */
    lease: async (asks) => {
      questions++;
      return asks.map(({ limit }) => ({ granted: 1_000, rest: limit, window: '1', endsIn: 60_000 }));
    },
    beat: async () => 1,
    leave: async () => undefined,
  };
  const logger = { warn: () => undefined, info: () => undefined };
  const storage = new LeasedBudgets(ledger, { hashKey: Buffer.alloc(32), logger });
  const throttlers = ['default', 'anonymous'].map((name) => ({ name, limit: 10_000_000, ttl: 60_000 }));
  const limits = new RateLimits({ throttlers }, storage, tokens);

  const rounds = [];
  for (let round = 0; round < ROUNDS; round++) {
    const started = process.cpuUsage();
    for (let i = 0; i < CALLS; i++) {
      const { refusal } = await limits.spend(headers[i % ACCOUNTS], '192.0.2.1');
      if (refusal) throw refusal;
    }
    rounds.push(cpuSince(started) / CALLS);
  }
  // The first one also compiles.
  return { spend: median(rounds.slice(1)), check, requestsAQuestion: (ROUNDS * CALLS) / questions };
}

/** @param {NodeJS.CpuUsage} started */
function cpuSince(started) {
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1_000;
}
