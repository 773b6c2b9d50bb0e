import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Config } from '#libs/config/config.js';
import type { RenderedMail } from './render.js';

export interface Envelope extends RenderedMail {
  readonly messageId: string;
  readonly from: string;
  readonly to: string;
  readonly locale: string;
}
/** Hands a mail over. What it throws has `permanent: true` when trying again cannot help. */
export interface MailTransport {
  send(mail: Envelope): Promise<void>;
  close(): void;
}
export class MailRefused extends Error {
  override readonly name = 'MailRefused';
}

/** Loaded with the first mail. */
const nodemailer = () => import('nodemailer');
/** Each in milliseconds, and together below the time that one attempt of the job has. */
const patience = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000, dnsTimeout: 5_000 };
const isLoopback = (url: string) => ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname);

const messageOf = (mail: Envelope) => ({
  messageId: mail.messageId,
  from: mail.from,
  // As an object, so that an address is one address whatever is in it.
  to: { name: '', address: mail.to },
  subject: mail.subject,
  text: mail.text,
  html: mail.html,
  headers: { 'Content-Language': mail.locale, 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
  disableFileAccess: true,
  disableUrlAccess: true,
});

export class SmtpTransport implements MailTransport {
  private transport: ReturnType<SmtpTransport['create']> | undefined;

  constructor(
    private readonly url: string,
    private readonly options: { readonly production: boolean },
  ) {}
  private open() {
    return (this.transport ??= this.create());
  }
  private async create() {
    const { createTransport } = await nodemailer();
    const requireTLS = this.options.production && !isLoopback(this.url);
    // The URL's own parameters win, such as `?requireTLS=false` for a relay on a network of one's own.
    return createTransport({ url: this.url, requireTLS, ...patience });
  }
  async send(mail: Envelope): Promise<void> {
    const transport = await this.open();
    try {
      await transport.sendMail(messageOf(mail));
    } catch (error) {
      const { code, responseCode = 0 } = error as { code?: string; responseCode?: number };
      // A refusal of this mail. Of a login or a greeting it would say nothing about the mail (RFC 5321 §4.2.1).
      if ((code === 'EENVELOPE' || code === 'EMESSAGE') && responseCode >= 500)
        throw new MailRefused(`the server refused it with ${responseCode}`, { cause: error });
      throw error;
    }
  }
  /** Connects and signs in, and sends nothing. */
  async verify(): Promise<void> {
    const transport = await this.open();
    await transport.verify();
  }
  close(): void {
    void this.transport?.then((transport) => transport.close());
  }
}

/** For development: a mail is a file for mail programs (`.eml`) and one for the page that shows them (`.json`). */
export class FolderTransport implements MailTransport {
  constructor(private readonly folder: string) {}

  async send(mail: Envelope): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const { createTransport } = await nodemailer();
    const composer = createTransport({ streamTransport: true, buffer: true });
    const { message } = await composer.sendMail(messageOf(mail));
    const at = new Date().toISOString();
    // The name sorts by time, and a second delivery of the same mail is a second file.
    const name = `${at.replaceAll(/[:.]/g, '-')}-${mail.messageId.slice(1, 9)}`;
    await this.write(`${name}.eml`, message as Buffer);
    await this.write(`${name}.json`, JSON.stringify({ at, ...mail }, null, 2));
  }
  close(): void {}
  /** Whoever reads the folder meets whole files only. */
  private async write(name: string, content: Buffer | string): Promise<void> {
    const file = join(this.folder, name);
    await writeFile(`${file}.part`, content, { mode: 0o600 });
    await rename(`${file}.part`, file);
  }
}

export const mailFolder = (config: Pick<Config, 'dataDir'>): string => resolve(config.dataDir, 'mails');

export const transportOf = (config: Config): MailTransport =>
  config.mail.smtpUrl === undefined
    ? new FolderTransport(mailFolder(config))
    : new SmtpTransport(config.mail.smtpUrl, { production: config.environment === 'production' });
