import { ok, problem, skipped, type Finding } from '#libs/doctor/finding.js';
import { SmtpTransport } from './transport.js';

/** Whether the mail server lets us in. */
export async function examineMail(smtpUrl: string | undefined, options: { production: boolean }): Promise<Finding> {
  if (smtpUrl === undefined) return skipped('mail', 'SMTP_URL is not set: mails are written to a folder.');
  const { hostname } = new URL(smtpUrl);
  const transport = new SmtpTransport(smtpUrl, options);
  try {
    await transport.verify();
    return ok('mail', `${hostname} takes mails`);
  } catch (error) {
    const { code, responseCode } = error as { code?: string; responseCode?: number };
    return problem(
      'mail',
      `${hostname} does not let the service in (${[code, responseCode].filter(Boolean).join(' ') || 'unknown'}).`,
      'Correct host, port, user and password of SMTP_URL. For a relay without TLS on your own network add ?requireTLS=false.',
    );
  } finally {
    transport.close();
  }
}
