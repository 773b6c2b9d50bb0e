import type { PinoLogger } from 'nestjs-pino';
import { Attempts, type Trier } from '#libs/limits/attempts.js';
import type { AttemptKind } from '#libs/limits/attempt-rules.js';
import { Secrets } from '#libs/secrets/secrets.js';
import type { Instances } from './instances.js';

const silent = { warn: () => undefined } as unknown as PinoLogger;
const secrets = new Secrets({ encryptionKeys: [Buffer.alloc(32, 'key')] });
export const attemptsOf = ({ statements }: Instances, Class = Attempts): Attempts[] =>
  statements.map((each) => new Class(each, secrets, silent));

/** How many of so many tries at once, by the instances in turn, may be made. */
export async function raced(instances: readonly Attempts[], kind: AttemptKind, times: number, trier: Trier) {
  const all = await Promise.all(
    Array.from({ length: times }, (_, i) => instances[i % instances.length].spend(kind, trier)),
  );
  return all.filter(({ refusal }) => !refusal).length;
}
/** How many tries, one after the other, may be made before the first refusal. */
export async function triesLeft(attempts: Attempts, kind: AttemptKind, trier: (i: number) => Trier, most = 300) {
  for (let i = 0; i < most; i++) if ((await attempts.spend(kind, trier(i))).refusal) return i;
  return most;
}
/** Networks of neighbourhoods that have nothing to do with each other. */
export const farNetwork = (i: number): string => `10.${Math.floor(i / 250)}.${i % 250}.1`;

/** Somebody else uses up an account, from everywhere; how many tries its owner then has on a device and on a new one. */
export async function ownerUnderAttack(attempts: Attempts, account: string) {
  const device = attempts.markDevice(undefined, account);
  await triesLeft(attempts, 'signIn', (i) => ({ account, network: farNetwork(i) }));
  return {
    known: await triesLeft(attempts, 'signIn', () => ({ account, network: '192.0.2.1', device })),
    unknown: await triesLeft(attempts, 'signIn', () => ({ account, network: '192.0.2.1' })),
  };
}
