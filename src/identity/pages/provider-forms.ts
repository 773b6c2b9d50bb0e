import { Injectable } from '@nestjs/common';
import { html, type Html } from '#libs/http/html.js';
import { button } from '#libs/pages/fields.js';
import type { Visit } from '#libs/pages/visit.js';
import { SignInProviders } from '#src/identity/external/sign-in-providers.js';
import { signInPath } from './sign-in-progress.js';

/** A button for each provider. */
@Injectable()
export class ProviderForms {
  constructor(private readonly providers: SignInProviders) {}

  inSignIn(visit: Visit, uid: string): Html {
    return html`${this.providers.all.map(({ settings: { id, name } }) =>
      visit.formTo(
        `${signInPath(uid)}/with/${id}`,
        button(visit.text('identity.provider.sign-in', { provider: name }), undefined, 'quiet'),
      ),
    )}`;
  }
}
