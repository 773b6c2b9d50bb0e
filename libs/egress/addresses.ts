import { networkInterfaces } from 'node:os';
import ipaddr from 'ipaddr.js';

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** In no registry of special addresses, and still the inside of a cloud: Azure's host of each virtual machine. */
const alsoInside = [ipaddr.parseCIDR('168.63.129.16/32')];
/** What is given out as public IPv6 (RFC 4291 §2.4). */
const globalUnicast = ipaddr.parseCIDR('2000::/3');

const within = (address: ipaddr.IPv4 | ipaddr.IPv6, [network, bits]: Range): boolean =>
  address.kind() === network.kind() && address.match(network, bits);

/** Decides which addresses may be connected to. `allowed` are CIDR ranges that may be, public or not. */
export class PublicAddresses {
  private readonly allowed: readonly Range[];

  constructor(
    allowed: readonly string[] = [],
    private readonly own: () => string[] = ownAddresses,
  ) {
    this.allowed = allowed.map((range) => ipaddr.parseCIDR(range.includes('/') ? range : `${range}/${bitsOf(range)}`));
  }
  /**
   * Whether an address, as a resolver or a URL gives it, is a public one. Of addresses that hold another one (mapped,
   * 6to4, NAT64) only the mapped kind is looked into: a socket treats it as IPv4. The others are refused, and so are
   * the machine's own.
   */
  accepts(text: string): boolean {
    if (!ipaddr.isValid(text)) return false;
    const address = ipaddr.process(text);
    if (this.allowed.some((range) => within(address, range))) return true;
    if (address.range() !== 'unicast' || alsoInside.some((range) => within(address, range))) return false;
    if (address.kind() === 'ipv6' && !within(address, globalUnicast)) return false;
    return !this.own().some((mine) => ipaddr.process(mine).toNormalizedString() === address.toNormalizedString());
  }
}
const bitsOf = (address: string) => (address.includes(':') ? 128 : 32);
const ownAddresses = () =>
  Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address.replace(/%.*$/, '')));
