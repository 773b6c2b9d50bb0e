import type { AddressInfo } from 'node:net';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  readonly to: string;
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly messageId: string;
  /** Addresses of the links in the HTML, each once. */
  readonly links: string[];
  readonly parsed: ParsedMail;
  /** As it came over the wire. */
  readonly raw: string;
}
interface Waiting {
  readonly accepts: (mail: ReceivedMail) => boolean;
  readonly resolve: (mail: ReceivedMail) => void;
}

/** A mail server on loopback that keeps what it gets. Start the application with `SMTP_URL: mailbox.url` and `ROLE: 'all'`. */
export class TestMailbox {
  readonly mails: ReceivedMail[] = [];
  /** What the next recipients are refused with, such as 450 or 550. */
  readonly refusals: number[] = [];
  /** How many recipients were named, refused ones included. */
  attempts = 0;
  private readonly taken = new Set<ReceivedMail>();
  private readonly waiting = new Set<Waiting>();
  private readonly server: SMTPServer;

  private constructor() {
    this.server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      disableReverseLookup: true,
      onRcptTo: (_address, _session, callback) => {
        this.attempts++;
        const code = this.refusals.shift();
        callback(code === undefined ? null : Object.assign(new Error('refused'), { responseCode: code }));
      },
      onData: (stream, session, callback) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => void chunks.push(chunk));
        stream.on('end', () => {
          const to = session.envelope.rcptTo.map(({ address }) => address).join();
          callback();
          void this.receive(to, Buffer.concat(chunks));
        });
      },
    });
    this.server.on('error', () => undefined);
  }
  static async start(): Promise<TestMailbox> {
    const mailbox = new TestMailbox();
    await new Promise<void>((resolve) => mailbox.server.listen(0, '127.0.0.1', resolve));
    return mailbox;
  }
  get url(): string {
    return `smtp://127.0.0.1:${(this.server.server.address() as AddressInfo).port}`;
  }
  /** The oldest mail to this address, about this when it is told, that was not asked for before; waits for one. */
  next(to: string, subject?: string, timeoutMs = 15_000): Promise<ReceivedMail> {
    const isMeant = (mail: ReceivedMail) => mail.to === to && (subject === undefined || mail.subject === subject);
    return this.nextWhere(isMeant, `a mail to ${to}`, timeoutMs);
  }
  async nextWhere(accepts: Waiting['accepts'], what = 'a mail', timeoutMs = 15_000): Promise<ReceivedMail> {
    const found = this.mails.find((mail) => !this.taken.has(mail) && accepts(mail));
    if (found) {
      this.taken.add(found);
      return found;
    }
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.delete(waiting);
        reject(new Error(`${what} did not come within ${timeoutMs} ms; there are ${this.mails.length}`));
      }, timeoutMs);
      const waiting: Waiting = {
        accepts,
        resolve: (mail) => {
          clearTimeout(timer);
          resolve(mail);
        },
      };
      this.waiting.add(waiting);
    });
  }
  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.server.close(resolve));
  }

  private async receive(to: string, raw: Buffer): Promise<void> {
    const parsed = await simpleParser(raw);
    const html = parsed.html || '';
    const mail: ReceivedMail = {
      to,
      from: parsed.from?.text ?? '',
      subject: parsed.subject ?? '',
      text: parsed.text ?? '',
      html,
      messageId: parsed.messageId ?? '',
      links: [...new Set([...html.matchAll(/<a href="([^"]*)"/g)].map(([, url]) => url.replaceAll('&amp;', '&')))],
      parsed,
      raw: raw.toString('latin1'),
    };
    this.mails.push(mail);
    for (const waiting of this.waiting)
      if (waiting.accepts(mail)) {
        this.waiting.delete(waiting);
        this.taken.add(mail);
        waiting.resolve(mail);
        return;
      }
  }
}
