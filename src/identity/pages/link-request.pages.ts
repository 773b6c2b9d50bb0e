import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Database } from '#libs/database/database.js';
import { html } from '#libs/http/html.js';
import { Mails } from '#libs/mail/mails.js';
import { negotiateLocale } from '#libs/messages/messages.js';
import { button, problem } from '#libs/pages/fields.js';
import type { Interaction } from '#libs/oidc/interactions.js';
import { Pages } from '#libs/pages/pages.js';
import type { Visit } from '#libs/pages/visit.js';
import { emailOf, isEmail } from '#src/identity/accounts.js';
import { MailedLinks } from '#src/identity/links/mailed-links.js';
import { mails } from '#src/identity/mails.js';
import { SignInTrail } from '#src/identity/sign-in-trail.js';
import { emailField, refusalText } from './parts.js';
import { ProviderForms } from './provider-forms.js';
import { SignInDevices } from './sign-in-devices.js';
import { expectedEmail, SignInFlow } from './sign-in-flow.js';
import { signInPath } from './sign-in-progress.js';

/** Both ask for an address and send it a link; which one, is between us and whoever reads its mail. */
const kinds = {
  register: { attempt: 'registration', told: 'registration', unknown: mails.register, known: mails.registerKnown },
  'forgotten-password': {
    attempt: 'passwordReset',
    told: 'password-reset',
    unknown: mails.resetUnknown,
    known: mails.reset,
  },
} as const;
type Kind = keyof typeof kinds;

/** Registration and forgotten password up to the mail. The same pages, work and mail for addresses with and without account. */
@Injectable()
export class LinkRequestPages {
  constructor(
    pages: Pages,
    flow: SignInFlow,
    private readonly devices: SignInDevices,
    private readonly database: Database,
    private readonly links: MailedLinks,
    private readonly mails: Mails,
    private readonly trail: SignInTrail,
    private readonly providerForms: ProviderForms,
  ) {
    const routes = [
      { prefix: '', own: pages.open },
      { prefix: signInPath(':uid'), own: flow.beside() },
    ];
    for (const kind of Object.keys(kinds) as Kind[])
      for (const { prefix, own } of routes) {
        own.get(`${prefix}/${kind}`, (visit, interaction) => this.ask(visit, kind, {}, expectedIn(interaction)));
        own.post(`${prefix}/${kind}`, (visit) => this.send(visit, kind));
        own.get(`${prefix}/${kind}/sent`, (visit) => this.sent(visit));
      }
  }
  private ask(
    visit: Visit,
    kind: Kind,
    wrong: { error?: string; refusal?: string } = {},
    email = visit.form.get('email'),
  ): FastifyReply {
    const uid = visit.param('uid');
    return visit.show({
      status: wrong.refusal ? 429 : wrong.error ? 422 : 200,
      title: visit.text(`identity.${kind}.title`),
      body: html`${visit.formTo(
        visit.path,
        html`${wrong.refusal && problem(wrong.refusal)}
          <p>${visit.text(`identity.${kind}.intro`)}</p>
          ${emailField(visit, { value: email, error: wrong.error, autofocus: true })}
          ${button(visit.text(`identity.${kind}.submit`))}`,
      )}
      ${kind === 'register' && uid !== '' && this.providerForms.inSignIn(visit, uid)}
      ${uid !== '' && html`<p><a href="${signInPath(uid)}">${visit.text('identity.back-to-sign-in')}</a></p>`}`,
    });
  }
  private async send(visit: Visit, kind: Kind): Promise<FastifyReply> {
    const email = emailOf(visit.form.get('email'));
    if (!isEmail(email)) return this.ask(visit, kind, { error: visit.text('identity.email-invalid') });
    const { refusal } = await this.devices.spend(visit, kinds[kind].attempt, email);
    if (refusal) {
      this.trail.limit(`${kinds[kind].told}.refuse`, email);
      return this.ask(visit, kind, { refusal: refusalText(visit, refusal) });
    }
    const userId = await this.database.transaction(async (em) => {
      const link = await this.links.make(em, email, visit.param('uid') || undefined);
      await this.mails.send(em, {
        to: email,
        template: link.purpose === 'REGISTRATION' ? kinds[kind].unknown : kinds[kind].known,
        locale: link.locale === null ? visit.locale : negotiateLocale(link.locale),
        params: { name: link.displayName ?? '', path: `/confirm?token=${link.token}` },
        validUntil: link.expiresAt,
      });
      return link.userId;
    });
    this.trail.ask(`${kinds[kind].told}.request`, userId);
    return visit.redirect(`${visit.path}/sent`);
  }
  private sent(visit: Visit): FastifyReply {
    const uid = visit.param('uid');
    return visit.show({
      title: visit.text('identity.sent.title'),
      body: html`<div class="card">
        <p>${visit.text('identity.sent.text')}</p>
        <p class="quiet-text">${visit.text('identity.sent.hint')}</p>
        <ul class="links">
          <li><a href="${visit.path.replace(/\/sent$/, '')}">${visit.text('identity.sent.again')}</a></li>
          ${uid !== '' && html`<li><a href="${signInPath(uid)}">${visit.text('identity.back-to-sign-in')}</a></li>`}
        </ul>
      </div>`,
    });
  }
}
const expectedIn = (interaction: Interaction | undefined): string => (interaction && expectedEmail(interaction)) ?? '';
