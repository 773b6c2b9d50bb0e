import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { PinoLogger } from 'nestjs-pino';
import { AppError } from '#libs/errors/app-error.js';
import { commonErrors } from '#libs/errors/common-errors.js';
import { html } from '#libs/http/html.js';
import { BrowserSession } from '#libs/oidc/browser-session.js';
import type { Interaction } from '#libs/oidc/interactions.js';
import { problem } from '#libs/pages/fields.js';
import { Pages } from '#libs/pages/pages.js';
import type { Visit } from '#libs/pages/visit.js';
import { Accounts } from '#src/identity/accounts.js';
import { ProviderAccounts } from '#src/identity/external/provider-accounts.js';
import { ProviderFailure, type SignInProvider, type Vouched } from '#src/identity/external/sign-in-provider.js';
import { SignInProviders } from '#src/identity/external/sign-in-providers.js';
import { SignInTrail } from '#src/identity/sign-in-trail.js';
import { AccountGate } from './account-gate.js';
import { overPage } from './parts.js';
import { callbackPath, ProviderTrips, TripRefused, type OfAccount, type Purpose } from './provider-trips.js';
import { expectedEmail, SignInFlow } from './sign-in-flow.js';
import { signInPath, SignInProgress } from './sign-in-progress.js';

interface Wrong {
  readonly status: number;
  readonly text: string;
}
/** When it is not enough that somebody is signed in somewhere: the client has asked for a sign-in, or for a recent one. */
const asksAnew = ({ reasons }: Interaction) => reasons.some((reason) => ['login_prompt', 'max_age'].includes(reason));

/** To a provider and back, for a sign-in or for a link of the account that is signed in. */
@Injectable()
export class ProviderPages {
  constructor(
    pages: Pages,
    private readonly flow: SignInFlow,
    private readonly progress: SignInProgress,
    private readonly trips: ProviderTrips,
    private readonly providers: SignInProviders,
    private readonly providerAccounts: ProviderAccounts,
    private readonly browserSession: BrowserSession,
    private readonly accounts: Accounts,
    private readonly gate: AccountGate,
    private readonly trail: SignInTrail,
    private readonly logger: PinoLogger,
  ) {
    const path = `${signInPath(':uid')}/with/:provider`;
    const login = flow.during('login');
    login.post(path, (visit, interaction) => this.set(visit, interaction));
    login.get(path, (visit, interaction) => this.goOn(visit, interaction));
    pages.open.get(callbackPath(':provider'), (visit) => this.comeBack(visit));
  }
  private async set(visit: Visit, interaction: Interaction): Promise<FastifyReply> {
    const { uid } = interaction;
    const provider = this.known(visit);
    const plan = {
      purpose: { uid },
      anew: asksAnew(interaction) ? ('asked' as const) : undefined,
      loginHint: expectedEmail(interaction),
    };
    try {
      return await this.trips.begin(visit, provider, plan);
    } catch (error) {
      if (!(error instanceof TripRefused)) throw error;
      return this.show(visit, plan.purpose, { status: error.status, text: error.tell(visit) });
    }
  }
  /** What came of the trip is known; or somebody has come Back to the page that led to the provider. */
  private async goOn(visit: Visit, interaction: Interaction): Promise<FastifyReply> {
    const arrived = await this.flow.accountFromProvider(visit, interaction.uid);
    if (!arrived) return visit.redirect(signInPath(interaction.uid));
    return this.flow.proceed(visit, interaction, arrived.account, arrived.amr, arrived.provider);
  }
  private async comeBack(visit: Visit): Promise<FastifyReply> {
    const provider = this.known(visit);
    const trip = this.trips.take(visit, provider);
    if (!trip) return visit.show(overPage(visit));
    const { id, name } = provider.settings;
    try {
      const attempt = await this.trips.spend(visit);
      const vouched = await provider.vouched(this.trips.answerIn(visit, provider), trip);
      await this.trips.succeed(trip, attempt);
      const { purpose } = trip;
      return 'uid' in purpose
        ? await this.arrive(visit, provider, purpose.uid, vouched)
        : await this.changeAccount(visit, provider, purpose, vouched);
    } catch (error) {
      if (error instanceof TripRefused)
        return this.show(visit, trip.purpose, { status: error.status, text: error.tell(visit) });
      if (!(error instanceof ProviderFailure)) throw error;
      const { kind, message: reason } = error;
      this.logger.warn({ provider: id, kind, reason }, 'a sign-in with a provider came to nothing');
      const status = { denied: 200, away: 503, invalid: 422 }[kind];
      return this.show(visit, trip.purpose, {
        status,
        text: visit.text(`identity.provider.${kind}`, { provider: name }),
      });
    }
  }
  private async arrive(visit: Visit, provider: SignInProvider, uid: string, vouched: Vouched): Promise<FastifyReply> {
    const { id, name } = provider.settings;
    const arrival = await this.providerAccounts.arrive(provider, vouched, visit.locale);
    if ('refusal' in arrival) {
      const { refusal, userId } = arrival;
      this.logger.info({ provider: id, reason: refusal }, 'a provider vouches for somebody who is not let in');
      if (userId !== undefined) this.trail.refuse(userId, id, refusal.toUpperCase().replace('-', '_'));
      const text = visit.text(`identity.provider.refused-${refusal}`, { provider: name });
      return this.show(visit, { uid }, { status: 403, text });
    }
    const { account, link } = arrival;
    // The cookie of the sign-in is sent to its own addresses only, and so is this one.
    this.progress.arrive(visit, uid, { userId: account.id, amr: ['fed'], provider: { id, link } });
    return visit.redirect(`${signInPath(uid)}/with/${id}`);
  }
  /** For nobody but who set out: the same account in the same session. */
  private async changeAccount(
    visit: Visit,
    provider: SignInProvider,
    purpose: OfAccount,
    { subject }: Vouched,
  ): Promise<FastifyReply> {
    const session = await this.browserSession.accountOf(visit.request, visit.reply);
    if (session?.accountId !== purpose.accountId || session.uid !== purpose.browserUid)
      return visit.show(overPage(visit));
    const account = await this.accounts.find(session.accountId);
    if (!account || account.isSuspended) return visit.redirect('/account');
    visit.request.requestContext.principal = `user:${account.id}`;
    const { next } = purpose;
    if (next === undefined) {
      if (await this.providerAccounts.link(provider, account.id, subject))
        return visit.redirect('/account?done=provider-added');
    } else if (await this.providerAccounts.isLinked(provider, account.id, subject)) {
      this.gate.confirm(visit, { account, session });
      return visit.redirect(next);
    }
    const key = next === undefined ? 'identity.provider.of-other' : 'identity.provider.not-yours';
    return this.show(visit, purpose, { status: 409, text: visit.text(key, { provider: provider.settings.name }) });
  }
  private known(visit: Visit): SignInProvider {
    const provider = this.providers.find(visit.param('provider'));
    if (!provider) throw new AppError(commonErrors.NOT_FOUND);
    return provider;
  }
  private show(visit: Visit, purpose: Purpose, { status, text }: Wrong): FastifyReply {
    const isSignIn = 'uid' in purpose;
    return visit.show({
      status,
      title: visit.text(isSignIn ? 'identity.sign-in.title' : 'identity.providers.title'),
      body: html`<div class="card">
        ${problem(text)}
        <p>
          <a href="${isSignIn ? signInPath(purpose.uid) : '/account'}"
            >${visit.text(isSignIn ? 'identity.back-to-sign-in' : 'identity.account.back')}</a
          >
        </p>
      </div>`,
    });
  }
}
