import { Injectable } from '@nestjs/common';
import { html, type Html } from '#libs/http/html.js';
import { button } from '#libs/pages/fields.js';
import type { Visit } from '#libs/pages/visit.js';
import { ProviderAccounts } from '#src/identity/external/provider-accounts.js';
import { SignInProviders } from '#src/identity/external/sign-in-providers.js';
import { signInPath } from './sign-in-progress.js';

export const confirmPath = '/account/confirm/provider';

/** A button for each provider. */
@Injectable()
export class ProviderForms {
  constructor(
    private readonly providers: SignInProviders,
    private readonly providerAccounts: ProviderAccounts,
  ) {}

  inSignIn(visit: Visit, uid: string): Html {
    return html`${this.providers.all.map(({ settings: { id, name } }) =>
      visit.formTo(
        `${signInPath(uid)}/with/${id}`,
        button(visit.text('identity.provider.sign-in', { provider: name }), undefined, 'quiet'),
      ),
    )}`;
  }
  /** To show once more that it is the owner: by those that the account is linked to. `query` as of the page. */
  async toConfirm(visit: Visit, accountId: string, query: string): Promise<Html[]> {
    const linked = await this.providerAccounts.of(accountId);
    const usable = this.providers.all.filter(({ settings }) => linked.some(({ issuer }) => issuer === settings.issuer));
    return usable.map(({ settings: { id, name } }) =>
      visit.formTo(
        `${confirmPath}${query}`,
        html`<input type="hidden" name="provider" value="${id}" />
          ${button(visit.text('identity.provider.confirm', { provider: name }), undefined, 'quiet')}`,
      ),
    );
  }
}
