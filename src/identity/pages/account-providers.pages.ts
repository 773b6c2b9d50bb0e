import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { isUuid } from '#libs/database/list.js';
import { html, type Html } from '#libs/http/html.js';
import { problem } from '#libs/pages/fields.js';
import type { Visit } from '#libs/pages/visit.js';
import { ProviderAccounts } from '#src/identity/external/provider-accounts.js';
import { SignInProviders } from '#src/identity/external/sign-in-providers.js';
import { AccountGate, type OpenAccount } from './account-gate.js';
import { AccountSections } from './account-sections.js';
import { backToAccount } from './account.pages.js';
import { confirmPath } from './provider-forms.js';
import { ProviderTrips, TripRefused, type OfAccount } from './provider-trips.js';

const path = '/account/providers';

/** The providers that an account is linked to, on its page. */
@Injectable()
export class AccountProviderPages {
  constructor(
    private readonly gate: AccountGate,
    sections: AccountSections,
    private readonly providers: SignInProviders,
    private readonly providerAccounts: ProviderAccounts,
    private readonly trips: ProviderTrips,
  ) {
    gate.own.post(confirmPath, (visit, open) => this.confirm(visit, open));
    gate.own.get(confirmPath, (visit) => visit.redirect('/account/confirm'));
    const own = gate.sensitive(path);
    own.get(path, (visit, open) => this.show(visit, open));
    own.post(path, (visit, open) => this.add(visit, open));
    own.get(`${path}/remove`, (visit) => visit.redirect(path));
    own.post(`${path}/remove`, (visit, open) => this.remove(visit, open));
    if (providers.all.length > 0)
      sections.add({
        id: 'providers',
        order: 55,
        title: 'identity.providers.title',
        show: (v, o) => this.section(v, o),
      });
  }
  private async section(visit: Visit, { account }: OpenAccount): Promise<Html> {
    const linked = await this.providerAccounts.of(account.id);
    const names = new Intl.ListFormat(visit.locale).format(
      linked.map((identity) => this.providerAccounts.nameOf(identity)),
    );
    return html`<p>
        ${linked.length > 0 ? visit.text('identity.providers.linked', { names }) : visit.text('identity.providers.none')}
      </p>
      <p><a href="${path}">${visit.text('identity.providers.manage')}</a></p>`;
  }
  private async show(visit: Visit, { account }: OpenAccount, status = 200, wrong?: string): Promise<FastifyReply> {
    const linked = await this.providerAccounts.of(account.id);
    const others = this.providers.all.filter(
      ({ settings }) => !linked.some(({ issuer }) => issuer === settings.issuer),
    );
    return visit.show({
      status,
      title: visit.text('identity.providers.title'),
      wide: true,
      body: html`<section>
          ${wrong !== undefined && problem(wrong)}
          <p>${visit.text('identity.providers.text')}</p>
          ${
            linked.length > 0 &&
            html`<ul class="rows">
              ${linked.map((identity) => this.row(visit, identity.id, this.providerAccounts.nameOf(identity), identity.since))}
            </ul>`
          }
        </section>
        ${
          others.length > 0 &&
          html`<section>
            ${others.map(({ settings: { id, name } }) =>
              visit.formTo(
                path,
                html`<input type="hidden" name="provider" value="${id}" />
                  <p>
                    <button type="submit" class="quiet">
                      ${visit.text('identity.providers.add', { provider: name })}
                    </button>
                  </p>`,
              ),
            )}
          </section>`
        }
        ${backToAccount(visit)}`,
    });
  }
  private row(visit: Visit, id: string, provider: string, since: Date): Html {
    return html`<li>
      <p>
        <bdi>${provider}</bdi>
        <span class="quiet-text">${visit.text('identity.passkeys.since', { date: since })}</span>
      </p>
      ${visit.formTo(
        `${path}/remove`,
        html`<input type="hidden" name="id" value="${id}" />
          <button
            type="submit"
            class="danger"
            aria-label="${visit.text('identity.providers.remove-named', { provider })}"
          >
            ${visit.text('identity.passkeys.remove')}
          </button>`,
      )}
    </li>`;
  }
  private add(visit: Visit, open: OpenAccount): Promise<FastifyReply> {
    return this.set(visit, open, { accountId: open.account.id, browserUid: open.session.uid });
  }
  private confirm(visit: Visit, open: OpenAccount): Promise<FastifyReply> {
    const next = this.gate.nextOf(visit);
    return this.set(visit, open, { accountId: open.account.id, browserUid: open.session.uid, next });
  }
  private async set(visit: Visit, open: OpenAccount, purpose: OfAccount): Promise<FastifyReply> {
    const provider = this.providers.find(visit.form.get('provider'));
    if (!provider) return visit.redirect(path);
    try {
      const anew = purpose.next === undefined ? undefined : 'proven';
      return await this.trips.begin(visit, provider, { purpose, anew, loginHint: open.account.email });
    } catch (error) {
      if (!(error instanceof TripRefused)) throw error;
      return visit.show({
        status: error.status,
        title: visit.text('identity.providers.title'),
        body: html`<div class="card">${problem(error.tell(visit))} ${backToAccount(visit)}</div>`,
      });
    }
  }
  private async remove(visit: Visit, open: OpenAccount): Promise<FastifyReply> {
    const { account, session } = open;
    const id = visit.form.get('id').toLowerCase();
    const linked = await this.providerAccounts.of(account.id);
    if (!isUuid(id) || !linked.some((identity) => identity.id === id)) return visit.redirect(path);
    if (await this.providerAccounts.unlink(account.id, id, session.uid))
      return visit.redirect('/account?done=provider-removed');
    return this.show(visit, open, 409, visit.text('identity.providers.last'));
  }
}
