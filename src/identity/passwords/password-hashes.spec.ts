import { availableParallelism } from 'node:os';
import { hash } from '@node-rs/argon2';
import { describe, expect, it } from 'vitest';
import { PasswordHashes } from './password-hashes.js';

describe('hashes of passwords', () => {
  const hashes = new PasswordHashes();

  it('are argon2id with the parameters of OWASP', async () => {
    expect(await hashes.hash('correct horse')).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });
  it('know their password, however it is typed', async () => {
    const stored = await hashes.hash('Grün und ﬁn');
    expect(await hashes.isPasswordOf(stored, 'Grün und ﬁn'.normalize('NFD'))).toBe(true);
    expect(await hashes.isPasswordOf(stored, 'Grün und fin')).toBe(true);
    expect(await hashes.isPasswordOf(stored, 'Grun und fin')).toBe(false);
  });
  it('of nobody match no password', async () => {
    expect(await hashes.isPasswordOf(undefined, 'correct horse')).toBe(false);
  });
  it('with other parameters are outdated', async () => {
    expect(hashes.isOutdated(await hashes.hash('correct horse'))).toBe(false);
    expect(hashes.isOutdated(await hash('correct horse', { memoryCost: 8192, timeCost: 2, parallelism: 1 }))).toBe(
      true,
    );
    expect(hashes.isOutdated(await hash('correct horse', { memoryCost: 19_456, timeCost: 3, parallelism: 1 }))).toBe(
      true,
    );
  });
  it('are made by fewer than there are cores, and a flood is refused', async () => {
    const workers = Math.max(1, availableParallelism() - 1);
    const queue = new PasswordHashes() as unknown as { inTurn<T>(work: () => Promise<T>): Promise<T> };
    let running = 0;
    let most = 0;
    const release: (() => void)[] = [];
    const work = async () => {
      most = Math.max(most, ++running);
      await new Promise<void>((resolve) => release.push(resolve));
      running--;
    };
    const all = Array.from({ length: workers * 65 }, () => queue.inTurn(work));
    await expect(queue.inTurn(work)).rejects.toMatchObject({ code: 'UNAVAILABLE', retryAfterSeconds: 2 });
    let ended = false;
    const done = Promise.all(all).then(() => (ended = true));
    while (!ended) {
      release.shift()?.();
      await new Promise(setImmediate);
    }
    await done;
    expect(most).toBe(workers);
    // One that fails gives its place back.
    await expect(queue.inTurn(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await queue.inTurn(() => Promise.resolve('yes'))).toBe('yes');
  });
});
