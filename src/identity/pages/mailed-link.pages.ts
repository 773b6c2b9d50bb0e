import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { html } from '#libs/http/html.js';
import { button } from '#libs/pages/fields.js';
import { Pages } from '#libs/pages/pages.js';
import type { Visit } from '#libs/pages/visit.js';
import { MailedLinks, type MailedLink } from '#src/identity/links/mailed-links.js';
import { LinkUse } from '#src/identity/links/link-use.js';
import { passwordProblem, type PasswordProblem } from '#src/identity/passwords/password-rules.js';
import { isDisplayName } from '#src/users/display-name.js';
import { fixedEmail, nameField, newPassword } from './parts.js';
import { signInPath, SignInProgress } from './sign-in-progress.js';

interface Wrong {
  readonly name?: string;
  readonly password?: PasswordProblem;
}
/** Where links in mails lead. Opening one changes nothing, as scanners open them too: the form on it does. */
@Injectable()
export class MailedLinkPages {
  constructor(
    pages: Pages,
    private readonly links: MailedLinks,
    private readonly use: LinkUse,
    private readonly progress: SignInProgress,
  ) {
    pages.open.get('/confirm', (visit) => this.show(visit));
    pages.open.post('/confirm', (visit) => this.confirm(visit));
    pages.open.get('/confirm/done', (visit) => this.done(visit));
  }
  private async show(visit: Visit): Promise<FastifyReply> {
    const link = await this.links.find(visit.query('token'));
    return link ? this.form(visit, link) : this.useless(visit);
  }
  private async confirm(visit: Visit): Promise<FastifyReply> {
    const token = visit.query('token');
    const link = await this.links.find(token);
    if (!link) return this.useless(visit);
    const isNew = link.purpose === 'REGISTRATION';
    const name = isNew ? visit.form.line('name').replace(/\s+/g, ' ') : link.displayName!;
    const password = visit.form.get('new-password');
    const wrong: Wrong = {
      name: isDisplayName(name) ? undefined : visit.text('identity.name-invalid'),
      password: passwordProblem(password, [link.email, name]),
    };
    if (wrong.name || wrong.password) return this.form(visit, link, wrong);
    const userId = await this.use.choosePassword(token, { password, name, locale: visit.locale });
    if (!userId) return this.useless(visit);
    const after = isNew ? 'account' : 'password';
    if (!link.interaction) return visit.redirect(`/confirm/done?what=${after}`);
    this.progress.handOver(visit, link.interaction, { userId, amr: ['pwd'], after });
    return visit.redirect(signInPath(link.interaction));
  }
  private form(visit: Visit, link: MailedLink, wrong: Wrong = {}): FastifyReply {
    const isNew = link.purpose === 'REGISTRATION';
    const key = isNew ? 'identity.confirm-account' : 'identity.confirm-password';
    const query = new URLSearchParams({ token: visit.query('token') });
    return visit.show({
      status: wrong.name || wrong.password ? 422 : 200,
      title: visit.text(`${key}.title`),
      body: visit.formTo(
        `/confirm?${query.toString()}`,
        html`<p>${visit.text(`${key}.intro`)}</p>
          ${fixedEmail(visit, link.email)}
          ${isNew && nameField(visit, visit.form.get('name'), wrong.name, !wrong.password)}
          ${newPassword(visit, wrong.password, !isNew)} ${button(visit.text(`${key}.submit`))}`,
      ),
    });
  }
  private useless(visit: Visit): FastifyReply {
    return visit.show({
      status: 410,
      title: visit.text('identity.link-useless.title'),
      body: html`<div class="card">
        <p>${visit.text('identity.link-useless.text')}</p>
        <ul class="links">
          <li><a href="/account">${visit.text('identity.sign-in')}</a></li>
          <li><a href="/forgotten-password">${visit.text('identity.new-link')}</a></li>
        </ul>
      </div>`,
    });
  }
  private done(visit: Visit): FastifyReply {
    const what = visit.query('what') === 'password' ? 'password' : 'account';
    return visit.show(donePage(visit, what));
  }
}
/** When it is done and the app waits elsewhere. */
export const donePage = (visit: Visit, what: 'account' | 'password') => ({
  title: visit.text(`identity.done.${what}`),
  body: html`<div class="card">
    <p>${visit.text('identity.done.back')}</p>
    <p><a href="/account">${visit.text('identity.to-account')}</a></p>
  </div>`,
});
