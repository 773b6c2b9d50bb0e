import { randomUUID } from 'node:crypto';
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Config } from '#libs/config/config.js';
import { defineJob, JobCannotSucceed } from '#libs/jobs/job.js';
import { Jobs } from '#libs/jobs/jobs.js';
import type { Locale } from '#libs/messages/messages.js';
import { Secrets } from '#libs/secrets/secrets.js';
import { Logging } from '#libs/telemetry/logging.js';
import { render } from './render.js';
import { findTemplate, type MailTemplate } from './template.js';
import { MailRefused, transportOf, type MailTransport } from './transport.js';

export interface MailToSend<Params extends object> {
  readonly to: string;
  readonly template: MailTemplate<Params>;
  readonly locale: Locale;
  /** Goes through JSON. */
  readonly params: Params;
  /** After this moment it is of no use any more, and is not sent. */
  readonly validUntil?: Date;
}
interface SealedMail {
  readonly template: string;
  readonly messageId: string;
  readonly validUntil?: string;
  /** `Letter`; links in mails are keys to accounts. */
  readonly sealed: string;
}
interface Letter {
  readonly to: string;
  readonly locale: Locale;
  readonly params: object;
}

const PURPOSE = 'mail';
const address = /^[^\s@,;:<>()"\\]+@[^\s@,;:<>()"\\]+$/;

export const deliverMail = defineJob<SealedMail>('mail.deliver', {
  description: 'Hands a mail to the mail server.',
  // The last one is some six hours after the first.
  retries: 12,
  retryDelay: 5,
  timeout: 60,
  concurrency: 2,
  polling: 0.5,
});

/**
 * Sends mails: in the transaction of the caller, then by a job, at least once. A mail that is delivered twice has the
 * same Message-ID both times, so that mail programs show it once.
 */
@Injectable()
export class Mails implements OnModuleInit, OnApplicationShutdown {
  private readonly transport: MailTransport;

  constructor(
    private readonly config: Config,
    private readonly jobs: Jobs,
    private readonly secrets: Secrets,
    private readonly logging: Logging,
  ) {
    this.transport = transportOf(config);
  }
  onModuleInit(): void {
    this.jobs.handle(deliverMail, (mail) => this.deliver(mail));
  }
  onApplicationShutdown(): void {
    this.transport.close();
  }

  /** Throws when `to` is no address: whoever calls has checked it by the rules of an input. */
  async send<Params extends object>(em: EntityManager | undefined, mail: MailToSend<Params>): Promise<void> {
    const { to, template, locale, params, validUntil } = mail;
    if (!address.test(to) || to.length > 320) throw new Error('a mail needs one address');
    const messageId = `<${randomUUID()}@${new URL(this.config.http.publicUrl).hostname}>`;
    const letter: Letter = { to, locale, params };
    const sealed = this.secrets.seal(PURPOSE, JSON.stringify(letter), messageId);
    const payload = { template: template.name, messageId, validUntil: validUntil?.toISOString(), sealed };
    await this.jobs.send(em, deliverMail, payload);
  }

  private async deliver({ template: name, messageId, validUntil, sealed }: SealedMail): Promise<void> {
    if (validUntil !== undefined && new Date(validUntil) <= new Date()) {
      this.logging.logger.warn({ mail: name, messageId }, 'mail not sent: it is of no use any more');
      return;
    }
    // Unknown to an older release than the one that sent it: another worker may know it.
    const template = findTemplate(name);
    if (!template) throw new Error(`there is no mail ${name}`);
    const letter = JSON.parse(this.secrets.open(PURPOSE, sealed, messageId).toString()) as Letter;
    const { publicUrl } = this.config.http;
    const rendered = render(template, letter.locale, letter.params, { publicUrl });
    const { to, locale } = letter;
    try {
      await this.transport.send({ ...rendered, to, locale, messageId, from: this.config.mail.from });
    } catch (error) {
      if (error instanceof MailRefused) throw new JobCannotSucceed(error.message, { cause: error });
      throw error;
    }
    this.logging.logger.info({ mail: name, messageId }, 'mail handed over');
  }
}
