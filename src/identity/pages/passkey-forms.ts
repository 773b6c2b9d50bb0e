import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Injectable } from '@nestjs/common';
import { versionOf } from '#libs/http/asset-folder.js';
import { html, type Html } from '#libs/http/html.js';
import { Pages } from '#libs/pages/pages.js';
import type { Visit } from '#libs/pages/visit.js';

export interface PasskeyForm {
  readonly ceremony: 'authenticate' | 'register';
  /** Where the browser's answer goes as the field `answer`. */
  readonly action: string;
  /** Of the action, with its question mark. */
  readonly query?: string;
  readonly button: string;
  /** Shown when the browser gives none. */
  readonly failed: string;
  readonly fields?: Html;
  readonly kind?: 'main' | 'quiet';
}

/** Forms that are filled in by a passkey: the one part of our pages that needs scripts. */
@Injectable()
export class PasskeyForms {
  readonly scripts: readonly string[];

  constructor(pages: Pages) {
    const library = dirname(dirname(createRequire(import.meta.url).resolve('@simplewebauthn/browser')));
    const webauthn = pages.assets(
      'simplewebauthn',
      join(library, 'dist/bundle'),
      /^index\.umd\.min\.js$/,
      versionOf(library),
    );
    const own = pages.assets('identity', fileURLToPath(new URL('assets', import.meta.url)));
    this.scripts = [`${webauthn.url}/index.umd.min.js`, `${own.url}/passkeys.js`];
  }
  /** Hidden until a script finds that the browser can do it. The options come from `${action}/options`. */
  form(visit: Visit, { ceremony, action, query = '', button, failed, fields, kind = 'quiet' }: PasskeyForm): Html {
    const options = `${ceremony}-options`;
    return html`<div data-needs-passkeys hidden>
      ${visit.formTo(`${action}/options`, html``, { id: options, hidden: true })}
      ${visit.formTo(
        action + query,
        html`<p class="problem" role="alert" data-failed hidden>${failed}</p>
          ${fields}
          <input type="hidden" name="answer" value="" autocomplete="off" />
          <button type="submit" class="${kind}">${button}</button>`,
        { passkey: ceremony, options },
      )}
    </div>`;
  }
}
