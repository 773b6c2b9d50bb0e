import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Database } from '#libs/database/database.js';
import { isUuid } from '#libs/database/list.js';
import { Statements } from '#libs/database/statements.js';
import { html, type Html } from '#libs/http/html.js';
import { Sessions } from '#libs/oidc/sessions.js';
import type { Visit } from '#libs/pages/visit.js';
import type { Account } from '#src/identity/accounts.js';
import { deviceText } from '#src/identity/sessions/device-text.js';
import { timeText } from '#src/identity/time-text.js';
import { AccountGate, type OpenAccount } from './account-gate.js';
import { AccountSections } from './account-sections.js';

const endPath = '/account/sessions/end';
const endAllPath = '/account/sessions/end-all';
/** More are not shown, but end with all others. */
const most = 50;
const openStatement = {
  name: 'identity_open_sessions',
  text: `select id::text, client_name, device, is_acting, last_seen_at from sessions
          where user_id = $1 and not is_ended and expires_at > now() and deleted_at is null
          order by last_seen_at desc, id desc limit $2`,
};
const ownStatement = {
  name: 'identity_own_session',
  text: 'select 1 from sessions where id = $1 and user_id = $2 and not is_ended',
};
type OpenSession = [id: string, app: string, device: string, isActing: boolean, lastSeenAt: string | Date];

/** Where an account is signed in, on its page. */
@Injectable()
export class AccountSessionPages {
  constructor(
    gate: AccountGate,
    sections: AccountSections,
    private readonly database: Database,
    private readonly statements: Statements,
    private readonly sessions: Sessions,
  ) {
    const { own } = gate;
    own.post(endPath, (visit, open) => this.end(visit, open));
    own.post(endAllPath, (visit, open) => this.endAll(visit, open));
    sections.add({ id: 'devices', order: 60, title: 'identity.devices.title', show: (v, o) => this.show(v, o) });
  }
  private async show(visit: Visit, { account, session }: OpenAccount): Promise<Html> {
    const [rows, here] = await Promise.all([
      this.statements.run(openStatement, [account.id, most + 1]),
      this.sessions.inBrowser(account.id, session.uid),
    ]);
    const shown = (rows as unknown as OpenSession[]).slice(0, most);
    return html`${
      shown.length > 0
        ? html`<ul class="rows">
            ${shown.map((row) => this.row(visit, row, account, here.includes(row[0])))}
          </ul>`
        : html`<p>${visit.text('identity.devices.none')}</p>`
    }
    ${rows.length > most && html`<p>${visit.text('identity.devices.more')}</p>`}
    ${visit.formTo(
      endAllPath,
      html`<button type="submit" class="danger">${visit.text('identity.devices.end-all')}</button>`,
    )}`;
  }
  private row(visit: Visit, session: OpenSession, { timeZone }: Account, isHere: boolean): Html {
    const [id, app, device, isActing, lastSeenAt] = session;
    const time = timeText(new Date(lastSeenAt), visit.locale, timeZone, 'medium');
    const label = isActing ? visit.text('identity.devices.acting') : deviceText(device, visit.locale);
    return html`<li>
      <p>
        <bdi>${label}</bdi>${isHere && html` <strong>(${visit.text('identity.devices.this')})</strong>`}
        <span class="quiet-text">${visit.text('identity.devices.seen', { app, time })}</span>
      </p>
      ${visit.formTo(
        endPath,
        html`<input type="hidden" name="id" value="${id}" />
          <button
            type="submit"
            class="danger"
            aria-label="${visit.text('identity.devices.end-named', { app, device: label, time })}"
          >
            ${visit.text('identity.devices.end')}
          </button>`,
      )}
    </li>`;
  }
  private async end(visit: Visit, { account }: OpenAccount): Promise<FastifyReply> {
    const id = visit.form.get('id');
    if (!isUuid(id)) return visit.redirect('/account');
    const ended = await this.database.transaction(async (em) => {
      const [isOwn] = await this.statements.run(ownStatement, [id, account.id], em);
      return isOwn ? this.sessions.endWithBrowser(em, account.id, id.toLowerCase(), 'ENDED_BY_USER') : [];
    });
    await this.sessions.afterwards();
    return visit.redirect(ended.length > 0 ? '/account?done=session' : '/account');
  }
  /** This browser, too: what is shown next is the sign-in. */
  private async endAll(visit: Visit, { account }: OpenAccount): Promise<FastifyReply> {
    await this.database.transaction((em) => this.sessions.endAll(em, account.id, 'ENDED_BY_USER'));
    await this.sessions.afterwards();
    return visit.redirect('/account');
  }
}
