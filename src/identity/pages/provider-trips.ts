import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Config } from '#libs/config/config.js';
import { html } from '#libs/http/html.js';
import type { Attempt } from '#libs/limits/attempts.js';
import { BROWSER_COOKIE } from '#libs/pages/pages.js';
import { SignedValues } from '#libs/pages/signed-values.js';
import type { Visit } from '#libs/pages/visit.js';
import { ProviderFailure, type Begun, type SignInProvider } from '#src/identity/external/sign-in-provider.js';
import { refusalText } from './parts.js';
import { SignInDevices } from './sign-in-devices.js';

/**
 * What somebody was sent to a provider for: a sign-in under way, a link of the account that is signed in, or to show once
 * more that it is its owner, and then to go on to the page `next`.
 */
export type Purpose = { readonly uid: string } | OfAccount;
export interface OfAccount {
  readonly accountId: string;
  readonly browserUid: string;
  readonly next?: string;
}
export interface Trip extends Begun {
  readonly purpose: Purpose;
  /** That of the form which began it. */
  readonly browser: string;
  /** The try that was counted when it began. */
  readonly attempt: { readonly keys: readonly string[]; readonly spentAt?: string };
}
interface Plan {
  readonly purpose: Purpose;
  readonly anew?: Begun['anew'];
  readonly loginHint?: string;
}
/** The provider is away, or the network has no tries left: a text for people, and its status. */
export class TripRefused extends Error {
  constructor(
    readonly status: number,
    readonly tell: (visit: Visit) => string,
  ) {
    super('refused');
  }
}

const minutes = 15;
const tripPath = (id: string): string => `/sign-in/with/${id}`;
export const callbackPath = (id: string): string => `${tripPath(id)}/callback`;
const random = () => randomBytes(32).toString('base64url');

/**
 * The way to a provider and back. What an answer is held against stays in the browser that set out, signed, in one cookie for
 * each sign-in under way: of an answer that another browser brings, or that comes twice, nothing is known.
 */
@Injectable()
export class ProviderTrips {
  constructor(
    private readonly config: Config,
    private readonly signed: SignedValues,
    private readonly devices: SignInDevices,
  ) {}

  /** The page that leads there. Throws `TripRefused`. */
  async begin(visit: Visit, provider: SignInProvider, { purpose, anew, loginHint }: Plan): Promise<FastifyReply> {
    const { id, name } = provider.settings;
    const attempt = await this.devices.spendUnnamed(visit, 'signIn');
    if (attempt.refusal) throw tooMany(attempt);
    const slot = slotOf(purpose);
    const trip: Trip = {
      purpose,
      browser: browserOf(visit),
      state: `${slot}.${random()}`,
      nonce: random(),
      verifier: random(),
      at: Math.floor(Date.now() / 1000),
      ...(anew && { anew }),
      attempt: { keys: attempt.keys.map((key) => key.toString('base64url')), spentAt: attempt.spentAt },
    };
    const address = await provider
      .authorizationUrl(trip, { redirectUri: this.addressOf(id).href, locale: visit.locale, loginHint })
      .catch((error: unknown) => {
        if (!(error instanceof ProviderFailure)) throw error;
        throw new TripRefused(503, (shown) => shown.text('identity.provider.away', { provider: name }));
      });
    const seconds = minutes * 60;
    visit.cookies.set(cookieOf(slot), this.signed.sign(signedFor(id), trip, seconds), { path: tripPath(id), seconds });
    return visit.show({
      title: visit.text('identity.provider.going.title', { provider: name }),
      goesOnTo: address.href,
      body: html`<div class="card">
        <p>${visit.text('identity.provider.going.text', { provider: name })}</p>
        <p><a href="${address.href}">${visit.text('identity.provider.going.link', { provider: name })}</a></p>
      </div>`,
    });
  }
  /** The trip that this is the answer to, if it is one that this browser has set out on; once. */
  take(visit: Visit, { settings: { id } }: SignInProvider): Trip | undefined {
    const state = visit.query('state');
    const name = cookieOf(state.split('.', 1)[0]);
    const options = { path: tripPath(id) };
    const trip = this.signed.open(signedFor(id), visit.cookies.get(name, options)) as Trip | undefined;
    if (trip?.state !== state || trip.browser !== browserOf(visit)) return undefined;
    visit.cookies.clear(name, options);
    return trip;
  }
  /** Counts the answer as a try before it is looked at. Throws `TripRefused`. */
  async spend(visit: Visit): Promise<Attempt> {
    const attempt = await this.devices.spendUnnamed(visit, 'signIn');
    if (attempt.refusal) throw tooMany(attempt);
    return attempt;
  }
  /** It was no guess. */
  async succeed(trip: Trip, attempt: Attempt): Promise<void> {
    const keys = trip.attempt.keys.map((key) => Buffer.from(key, 'base64url'));
    await this.devices.succeed({ kind: 'signIn', keys, spentAt: trip.attempt.spentAt, isKnown: false });
    await this.devices.succeed(attempt);
  }
  /** Our own address for the provider's answer, whatever was asked for: with the query as it came. */
  answerIn(visit: Visit, { settings: { id } }: SignInProvider): URL {
    const address = this.addressOf(id);
    address.search = visit.request.raw.url!.split('?').slice(1).join('?');
    return address;
  }
  private addressOf(id: string): URL {
    return new URL(this.config.http.publicUrl + callbackPath(id));
  }
}
const browserOf = (visit: Visit): string => {
  const browser = visit.cookies.get(BROWSER_COOKIE) ?? '';
  return createHash('sha256').update(browser).digest('base64url');
};
const signedFor = (id: string): string => `trip to ${id}`;
const cookieOf = (slot: string): string => `trip-${slot}`;
/** Beginning again takes the place of the trip before; another tab has a sign-in of its own. */
const slotOf = (purpose: Purpose): string =>
  createHash('sha256')
    .update('uid' in purpose ? `uid ${purpose.uid}` : `account ${purpose.accountId}`)
    .digest('base64url')
    .slice(0, 12);
const tooMany = ({ refusal }: Attempt): TripRefused => new TripRefused(429, (visit) => refusalText(visit, refusal!));
