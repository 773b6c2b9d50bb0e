import { Injectable } from '@nestjs/common';
import { SignedValues } from '#libs/pages/signed-values.js';
import type { Visit } from '#libs/pages/visit.js';
import type { PendingLink } from '#src/identity/external/provider-accounts.js';

/** The provider that somebody came from. */
export interface ByProvider {
  /** Its id. */
  readonly id: string;
  /** What the account is linked to at the end of the sign-in, where it was found by its address. */
  readonly link?: PendingLink;
}
/** What somebody has shown so far in one sign-in: names of RFC 8176. */
export interface Progress {
  /** After a mailed link: what came of it. */
  readonly after?: 'account' | 'password';
  readonly userId: string;
  readonly amr: readonly string[];
  readonly provider?: ByProvider;
}
const minutes = 10;
export const signInPath = (uid: string): string => `/sign-in/${uid}`;

/**
 * Between the steps of a sign-in the browser keeps what was shown, signed, for this sign-in only. It is good for the next
 * step and nothing else: the session begins when the issuer is told.
 */
@Injectable()
export class SignInProgress {
  constructor(private readonly signed: SignedValues) {}

  /** The password was right; the second factor is next. */
  keep(visit: Visit, uid: string, progress: Progress): void {
    this.write(visit, 'progress', uid, progress);
  }
  of(visit: Visit, uid: string): Progress | undefined {
    return this.read(visit, 'progress', uid);
  }
  /** Somebody came here by a mailed link and has just chosen a password: the sign-in goes on with it. */
  handOver(visit: Visit, uid: string, progress: Progress): void {
    this.write(visit, 'handover', uid, progress);
  }
  handedOver(visit: Visit, uid: string): Progress | undefined {
    return this.read(visit, 'handover', uid);
  }
  /** Somebody comes back from a provider, outside of the addresses of the sign-in: the next request goes on with it. */
  arrive(visit: Visit, uid: string, progress: Progress): void {
    this.write(visit, 'arrival', uid, progress);
  }
  arrived(visit: Visit, uid: string): Progress | undefined {
    return this.read(visit, 'arrival', uid);
  }
  clear(visit: Visit, uid: string): void {
    for (const name of ['progress', 'handover', 'arrival']) {
      const path = signInPath(uid);
      if (visit.cookies.get(name, { path })) visit.cookies.clear(name, { path });
    }
  }
  private write(visit: Visit, name: string, uid: string, progress: Progress): void {
    const seconds = minutes * 60;
    const value = this.signed.sign(`${name} of ${uid}`, progress, seconds);
    visit.cookies.set(name, value, { path: signInPath(uid), seconds });
  }
  private read(visit: Visit, name: string, uid: string): Progress | undefined {
    const value = visit.cookies.get(name, { path: signInPath(uid) });
    return this.signed.open(`${name} of ${uid}`, value) as Progress | undefined;
  }
}
