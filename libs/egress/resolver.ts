import { lookup } from 'node:dns/promises';
import { Injectable } from '@nestjs/common';

/** Addresses of a host. A class of its own, so that tests can answer differently each time, as a hostile DNS does. */
@Injectable()
export class Resolver {
  async addressesOf(host: string): Promise<string[]> {
    return (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address);
  }
}
