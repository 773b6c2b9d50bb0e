// Weakness: a cache in front of the service (or in it) that keeps answers by address only, and answers that let it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Fuzz } from '#test/fuzz/fuzz.js';
import { throughACache } from '#test/abuse/caches.js';

let fuzz: Fuzz;
beforeAll(async () => {
  fuzz = await Fuzz.start();
});
afterAll(() => fuzz?.stop());

describe('a shared cache', { timeout: 120_000 }, () => {
  it('that keeps to RFC 9111 gives nobody what is for somebody else, and keeps what is for everybody', async () => {
    const { problems, hits } = await throughACache(fuzz);
    expect(problems).toEqual([]);
    expect(hits).toBeGreaterThan(0);
  });
  it('that goes by the address only is found out', async () => {
    expect((await throughACache(fuzz, { byAddressOnly: true })).problems).not.toEqual([]);
  });
});
