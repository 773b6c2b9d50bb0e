import { Injectable } from '@nestjs/common';
import type { AuditEvent } from '#libs/audit/audit.js';
import { AuditReports } from '#libs/audit/audit-reports.js';
import { Statements } from '#libs/database/statements.js';
import { emailOf, type Account } from './accounts.js';

const byEmailStatement = {
  name: 'identity_id_by_email',
  text: 'select id::text from users where email = $1 and deleted_at is null',
};
/** One entry is enough to say that somebody goes on trying. */
const refusalEveryMs = 15 * 60_000;
const maxRefusals = 10_000;

/**
 * What the audit trail has of signing in. What somebody tried who may not be the owner is written after the answer, for
 * known accounts only: neither what the answer says nor when it comes tells whether there is one.
 */
@Injectable()
export class SignInTrail {
  private readonly refusals = new Map<string, number>();

  constructor(
    private readonly reports: AuditReports,
    private readonly statements: Statements,
  ) {}

  /** Resolves when it is in the trail: nobody is in before. */
  succeed({ id }: Account, methods: readonly string[], isNewDevice: boolean, provider?: string): Promise<void> {
    return this.reports.report({
      ...about('sign-in.succeed', id),
      actor: `user:${id}`,
      after: { methods, isNewDevice, ...(provider !== undefined && { provider }) },
    });
  }
  async useRecoveryCode({ id }: Account): Promise<void> {
    await this.reports.report({ ...about('recovery-code.use', id), actor: `user:${id}` });
  }
  /** A provider vouches for somebody who is not let into the account for this reason. */
  refuse(userId: string, provider: string, reason: string): void {
    this.later({ ...about('sign-in.refuse', userId), outcome: 'DENIED', after: { reason, provider } });
  }
  /** Whoever it was had the password, or comes from a provider that the account is linked to. */
  suspended({ id }: Account): void {
    this.later({ ...about('sign-in.refuse', id), outcome: 'DENIED', after: { reason: 'SUSPENDED' } });
  }
  /** `userId`: of the account that was meant, if there is one. */
  fail(action: 'sign-in.fail' | 'second-factor.fail', userId: string | undefined): void {
    if (userId !== undefined) this.later({ ...about(action, userId), outcome: 'FAILED' });
  }
  /** A link to register, or to a new password, was asked for with the address of this account. */
  ask(action: 'registration.request' | 'password-reset.request', userId: string | null): void {
    if (userId !== null) this.later(about(action, userId));
  }
  /** The tries of whoever this address belongs to are used up. */
  limit(action: string, email: string): void {
    const key = `${action} ${emailOf(email)}`;
    const now = Date.now();
    const last = this.refusals.get(key);
    if (last !== undefined && now - last < refusalEveryMs) return;
    this.refusals.delete(key);
    this.refusals.set(key, now);
    const [oldest] = this.refusals.keys();
    if (this.refusals.size > maxRefusals) this.refusals.delete(oldest);
    setImmediate(() => void this.reportLimit(action, emailOf(email)));
  }
  private async reportLimit(action: string, email: string): Promise<void> {
    const [row] = await this.statements.run(byEmailStatement, [email]).catch(() => []);
    if (!row) return;
    await this.reports.report({ ...about(action, row[0] as string), outcome: 'DENIED', after: { reason: 'LIMIT' } });
  }
  /** In the context of the request, after what is left of it has run: the page is made and sent without waiting again. */
  private later(event: AuditEvent): void {
    setImmediate(() => void this.reports.report(event));
  }
}
const about = (action: string, id: string) => ({ action, subject: 'User', subjectId: id, personId: id });
