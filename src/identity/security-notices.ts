import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Database } from '#libs/database/database.js';
import { Statements } from '#libs/database/statements.js';
import { Mails } from '#libs/mail/mails.js';
import type { MailTemplate } from '#libs/mail/template.js';
import { negotiateLocale } from '#libs/messages/messages.js';
import { Notification } from '#src/notifications/notification.entity.js';
import { NotificationsService } from '#src/notifications/notifications.service.js';
import { textOf, type Topic } from '#src/notifications/topics.js';
import type { Account } from './accounts.js';
import { mails } from './mails.js';
import { credentialTopics, deviceTopics, providerTopics } from './security.notifications.js';
import { deviceLabel } from './sessions/device-label.js';
import { deviceText } from './sessions/device-text.js';
import { timeText } from './time-text.js';

/** Where somebody signed in. */
export interface Seen {
  readonly userAgent: string | undefined;
  readonly address: string;
}
export type FactorChange = Exclude<keyof typeof credentialTopics, 'account.password-changed'>;

// Of an account that nobody has used for a day, the first sign-in is no longer a part of the registration.
const firstSignInStatement = {
  name: 'identity_first_sign_in',
  text: `update verified_emails set awaits_first_sign_in = false where user_id = $1 and awaits_first_sign_in
         returning verified_at > now() - interval '1 day'`,
};

/**
 * What its owner is told of an account, by mail and in the inbox, in the transaction in which it happens. No preference turns
 * it off: it is meant for the day on which somebody else sets the preferences.
 */
@Injectable()
export class SecurityNotices {
  constructor(
    private readonly database: Database,
    private readonly statements: Statements,
    private readonly mails: Mails,
    private readonly notifications: NotificationsService,
  ) {}

  /** Somebody has signed in on a device that the account was not used on before; not told of the first one after registration. */
  newDevice(account: Account, { userAgent, address }: Seen): Promise<void> {
    return this.database.transaction(async (em) => {
      const [row] = await this.statements.run(firstSignInStatement, [account.id], em);
      if (row?.[0] === true) return;
      const locale = negotiateLocale(account.locale);
      const device = deviceLabel(userAgent);
      await this.tell(em, account, deviceTopics['account.new-device'], { device, address }, mails.newDevice, {
        path: '/account#devices',
        device: deviceText(device, locale),
        address,
        time: timeText(new Date(), locale, account.timeZone),
      });
    });
  }
  passwordChanged(em: EntityManager, account: Account): Promise<void> {
    const topic = credentialTopics['account.password-changed'];
    return this.tell(em, account, topic, {}, mails.passwordChanged, { path: '/forgotten-password' });
  }
  factorsChanged(em: EntityManager, account: Account, change: FactorChange): Promise<void> {
    const what = textOf('body', change, {}, negotiateLocale(account.locale));
    return this.tell(em, account, credentialTopics[change], {}, mails.factorsChanged, { path: '/account', what });
  }
  /** `provider`: what people know it as. */
  providersChanged(em: EntityManager, account: Account, provider: string): Promise<void> {
    const topic = providerTopics['account.providers-changed'];
    return this.tell(em, account, topic, { provider }, mails.providersChanged, { path: '/account', provider });
  }
  private async tell<Data extends object, Params extends { readonly name: string }>(
    em: EntityManager,
    { id, email, displayName, locale }: Account,
    topic: Topic<Data>,
    data: Data,
    template: MailTemplate<Params>,
    params: Omit<Params, 'name'>,
  ): Promise<void> {
    await this.notifications.notify(em, [Notification.of(topic, id, data)]);
    const named = { ...params, name: displayName } as unknown as Params;
    await this.mails.send(em, { to: email, template, locale: negotiateLocale(locale), params: named });
  }
}
