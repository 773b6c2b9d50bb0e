import { lookup, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PublicAddresses } from '#libs/egress/addresses.js';
import { Egress } from '#libs/egress/egress.js';
import {
  Canary,
  egressConfig,
  insideUrls,
  namesOfTheInside,
  Outside,
  rebinding,
  ScriptedResolver,
} from '#test/abuse/egress-corpus.js';

/** Looks at the name, and connects to the name: what stands in between has time to change. */
class ByNameAgain extends Egress {
  protected override lookup(): LookupFunction {
    return (host, { all }, callback) => {
      void (async () => {
        const seen = await this.resolver.addressesOf(host);
        if (!seen.every((address) => this.addresses.accepts(address))) return callback(new Error('refused'), '');
        const [address] = await this.resolver.addressesOf(host);
        return lookup(address, { all: true }, (error, found: LookupAddress[]) =>
          all ? callback(error, found) : callback(error, found[0].address, found[0].family),
        );
      })();
    };
  }
}
/** Looks at what is written, not at what it stands for. */
class ByTheLetter extends Egress {
  protected override readonly addresses = Object.assign(new PublicAddresses(), {
    accepts: (text: string) => !/^(127\.|10\.|192\.168\.|169\.254\.|localhost)/.test(text),
  });
}

let outside: Outside;
let canary: Canary;
beforeAll(async () => {
  outside = await Outside.start((_, response) => response.end('outside'));
  canary = await Canary.at(outside.port);
});
afterAll(async () => {
  await canary.stop();
  await outside.stop();
});
async function hits(kind: typeof Egress, urls: readonly string[]): Promise<number> {
  const resolver = new ScriptedResolver({ ...namesOfTheInside, ...rebinding });
  const egress = new kind(egressConfig(), resolver);
  const before = canary.hits;
  for (const url of urls) await egress.fetch(url, { timeoutMs: 1000 }).catch(() => undefined);
  await egress.onApplicationShutdown();
  return canary.hits - before;
}
const onLoopback = (url: string) => /^http:\/\/(\[::|0)/.test(url);

it('catches who connects by name again', async () => {
  const url = `http://rebinding.test:${outside.port}/`;
  expect(await hits(Egress, [url])).toBe(0);
  expect(await hits(ByNameAgain, [url])).toBe(1);
});
it('catches who looks at how an address is written', async () => {
  // Only what stays on this machine when it is not refused.
  const urls = insideUrls(outside.port).filter(onLoopback);
  expect(await hits(Egress, urls)).toBe(0);
  expect(await hits(ByTheLetter, urls)).toBeGreaterThan(0);
});
