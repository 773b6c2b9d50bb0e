import { Injectable } from '@nestjs/common';
import { Attempts, type Attempt } from '#libs/limits/attempts.js';
import type { AttemptKind } from '#libs/limits/attempt-rules.js';
import type { Visit } from '#libs/pages/visit.js';

export const DEVICE_COOKIE = 'device';
const halfYear = 180 * 24 * 3600;

/** Tries at an account, and the mark of browsers that it was used in: those have tries of their own. */
@Injectable()
export class SignInDevices {
  constructor(private readonly attempts: Attempts) {}

  /** `email`: of the account, or what was typed for it. */
  spend(visit: Visit, kind: AttemptKind, email: string): Promise<Attempt> {
    const device = visit.cookies.get(DEVICE_COOKIE);
    return this.attempts.spend(kind, { account: email, network: visit.request.ip, device });
  }
  /** The same where it is not known yet whose account it is about: counted for the network. */
  spendUnnamed(visit: Visit, kind: AttemptKind): Promise<Attempt> {
    return this.attempts.spend(kind, { network: visit.request.ip });
  }
  /** Whether its owner has signed in in this browser before. */
  isKnown(visit: Visit, email: string): boolean {
    return this.attempts.isKnownDevice(visit.cookies.get(DEVICE_COOKIE), email);
  }
  succeed(attempt: Attempt): Promise<void> {
    return this.attempts.succeed(attempt);
  }
  /** Somebody has proven to be the owner. */
  mark(visit: Visit, email: string): void {
    const next = this.attempts.markDevice(visit.cookies.get(DEVICE_COOKIE), email);
    visit.cookies.set(DEVICE_COOKIE, next, { seconds: halfYear });
  }
}
