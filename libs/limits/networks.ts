import { isIPv4 } from 'node:net';
import { normalizeIp } from '@nestjs/throttler';

/** What one subscriber has: an IPv4 address or an IPv6 /64. */
export const networkOf = (address: string): string => normalizeIp(address);

/** What one subscriber may easily have more of: an IPv4 /24 or an IPv6 /48. */
export function neighbourhoodOf(address: string): string {
  const network = normalizeIp(address, 48);
  return isIPv4(network) ? `${network.slice(0, network.lastIndexOf('.'))}.0/24` : network;
}
