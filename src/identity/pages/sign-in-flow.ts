import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { html } from '#libs/http/html.js';
import { Interactions, type Interaction } from '#libs/oidc/interactions.js';
import { problem } from '#libs/pages/fields.js';
import { Pages, type Gate, type PageRoutes } from '#libs/pages/pages.js';
import type { Visit } from '#libs/pages/visit.js';
import { Accounts, type Account } from '#src/identity/accounts.js';
import { ProviderAccounts } from '#src/identity/external/provider-accounts.js';
import { SignInProviders } from '#src/identity/external/sign-in-providers.js';
import { SecondFactorsOf } from '#src/identity/second-factor/second-factors.js';
import { SecurityNotices } from '#src/identity/security-notices.js';
import { SignInTrail } from '#src/identity/sign-in-trail.js';
import { donePage } from './mailed-link.pages.js';
import { overPage } from './parts.js';
import { SignInDevices } from './sign-in-devices.js';
import { signInPath, SignInProgress, type ByProvider, type Progress } from './sign-in-progress.js';

/** How far somebody has come. */
export interface Halfway {
  readonly account: Account;
  readonly amr: readonly string[];
  readonly provider?: ByProvider;
}

/** What all steps of a sign-in share: the way in, and the way on when somebody has shown who they are. */
@Injectable()
export class SignInFlow {
  constructor(
    private readonly pages: Pages,
    private readonly interactions: Interactions,
    private readonly progress: SignInProgress,
    private readonly accounts: Accounts,
    private readonly factors: SecondFactorsOf,
    private readonly devices: SignInDevices,
    private readonly trail: SignInTrail,
    private readonly notices: SecurityNotices,
    private readonly providers: SignInProviders,
    private readonly providerAccounts: ProviderAccounts,
  ) {}

  /** Pages of a sign-in; with `prompt` of one that asks for this now. */
  during(prompt?: Interaction['prompt']): PageRoutes<Interaction> {
    const gate: Gate<Interaction> = async (visit) => {
      const interaction = await this.interactions.details(visit.request, visit.reply);
      if (!interaction || interaction.uid !== visit.param('uid')) return this.over(visit);
      this.enter(visit, interaction);
      visit.formsLeadTo = interaction.redirectUri;
      // A form of the other step, from a second tab.
      if (prompt !== undefined && interaction.prompt !== prompt) return this.otherStep(visit, interaction);
      return { opened: interaction };
    };
    return this.pages.behind(gate);
  }
  /** Pages that a sign-in leads to and that work without it, too. */
  beside(): PageRoutes<Interaction | undefined> {
    return this.pages.behind(async (visit) => {
      const interaction = await this.interactions.details(visit.request, visit.reply);
      if (interaction?.uid !== visit.param('uid')) return { opened: undefined };
      this.enter(visit, interaction);
      return { opened: interaction };
    });
  }
  private enter(visit: Visit, { client, uiLocales }: Interaction): void {
    visit.request.requestContext.clientId = client.id;
    visit.preferLocales(uiLocales);
  }
  /** Somebody has shown this much, `provider` where another one has said who it is. Asks for the second factor if there is one and it was not shown; else the sign-in is done. */
  async proceed(
    visit: Visit,
    { uid }: Interaction,
    account: Account,
    amr: readonly string[],
    provider?: ByProvider,
  ): Promise<FastifyReply> {
    if (account.isSuspended) {
      this.trail.suspended(account);
      return this.suspended(visit, uid);
    }
    const factors = await this.factors.account(account.id);
    if ((factors.totp || factors.passkeys) && !amr.includes('mfa')) {
      this.progress.keep(visit, uid, { userId: account.id, amr, provider });
      return visit.redirect(`${signInPath(uid)}/second-factor`);
    }
    this.progress.clear(visit, uid);
    if (provider?.link && !(await this.linked(provider, account))) return this.begin(visit, uid);
    const isNewDevice = !this.devices.isKnown(visit, account.email);
    if (isNewDevice) {
      const { ip, headers } = visit.request;
      await this.notices.newDevice(account, { userAgent: headers['user-agent'], address: ip });
    }
    await this.trail.succeed(account, amr, isNewDevice, provider?.id);
    this.devices.mark(visit, account.email);
    const login = { accountId: account.id, amr: [...amr] };
    return this.interactions.finish(visit.request, visit.reply, { login });
  }
  /** The account of whoever has come as far as the second factor. */
  accountInProgress(visit: Visit, uid: string): Promise<Halfway | undefined> {
    return this.halfway(this.progress.of(visit, uid));
  }
  /** The account of whoever comes back from a provider; once. */
  accountFromProvider(visit: Visit, uid: string): Promise<Halfway | undefined> {
    const progress = this.progress.arrived(visit, uid);
    this.progress.clear(visit, uid);
    return this.halfway(progress);
  }
  private async halfway(progress: Progress | undefined): Promise<Halfway | undefined> {
    const account = progress && (await this.accounts.find(progress.userId));
    return account && { account, amr: progress.amr, provider: progress.provider };
  }
  /** False where the account is no longer the one that was found by its address. */
  private async linked({ id, link }: ByProvider, { id: userId }: Account): Promise<boolean> {
    const provider = this.providers.find(id);
    return provider !== undefined && this.providerAccounts.complete(provider, userId, link!);
  }
  private begin(visit: Visit, uid: string): FastifyReply {
    return visit.redirect(signInPath(uid));
  }
  /** What came of the mailed link that somebody comes from. */
  fromLink(visit: Visit, uid: string): Progress | undefined {
    return this.progress.handedOver(visit, uid);
  }
  /** The account of that link; once. */
  async accountFromLink(visit: Visit, uid: string): Promise<Account | undefined> {
    const progress = this.progress.handedOver(visit, uid);
    this.progress.clear(visit, uid);
    return progress && this.accounts.find(progress.userId);
  }
  forget(visit: Visit, uid: string): void {
    this.progress.clear(visit, uid);
  }
  private suspended(visit: Visit, uid: string): FastifyReply {
    this.progress.clear(visit, uid);
    return visit.show({
      status: 403,
      title: visit.text('identity.sign-in.title'),
      body: html`<div class="card">
        ${problem(visit.text('identity.sign-in.suspended'))}
        <p><a href="${signInPath(uid)}">${visit.text('identity.second-factor.other')}</a></p>
      </div>`,
    });
  }
  private otherStep(visit: Visit, { uid }: Interaction): undefined {
    visit.redirect(signInPath(uid));
    return undefined;
  }
  /** Signed in already, too late, or begun in another browser. */
  private over(visit: Visit): undefined {
    const fromLink = this.progress.handedOver(visit, visit.param('uid'));
    visit.show(fromLink ? donePage(visit, fromLink.after ?? 'account') : overPage(visit));
    return undefined;
  }
}
/** The address that the client expects somebody to sign in with. */
export const expectedEmail = ({ loginHint }: Interaction): string | undefined =>
  loginHint?.includes('@') ? loginHint.slice(0, 254) : undefined;
