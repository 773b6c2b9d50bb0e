import { randomUUID } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { importJWK, SignJWT } from 'jose';
import { SigningKeys } from '#libs/authn/signing-keys.js';
import { Config } from '#libs/config/config.js';
import { egressErrors } from '#libs/egress/egress.errors.js';
import { Egress } from '#libs/egress/egress.js';
import { AppError } from '#libs/errors/app-error.js';
import { defineJob, JobCannotSucceed } from '#libs/jobs/job.js';
import { Jobs } from '#libs/jobs/jobs.js';
import { ClientSource } from './clients.js';

/** A session that is over. Its id is what the client knows as `sid` of its ID tokens. */
export interface EndedSession {
  readonly id: string;
  readonly accountId: string;
  readonly clientId: string;
}
const noticeOfLogout = defineJob<EndedSession>('issuer.logout-notice', {
  description: 'Tells a client that a session of its is over (back-channel logout).',
  retries: 10,
  retryDelay: 2,
  polling: 0.5,
  timeout: 30,
});
const event = 'http://schemas.openid.net/event/backchannel-logout';
const timeoutMs = 5_000;

/** OpenID Connect Back-Channel Logout 1.0: clients that want to know are told when a session ends, however it does. */
@Injectable()
export class LogoutNotices implements OnModuleInit {
  constructor(
    private readonly config: Config,
    private readonly clients: ClientSource,
    private readonly keys: SigningKeys,
    private readonly egress: Egress,
    private readonly jobs: Jobs,
  ) {}

  onModuleInit(): void {
    this.jobs.handle(noticeOfLogout, (ended, { signal }) => this.tell(ended, signal));
  }
  /** In the transaction in which they end. */
  async send(em: EntityManager, ended: readonly EndedSession[]): Promise<void> {
    if (ended.length === 0) return;
    const told = new Set(await this.clients.toldOfLogout(em, [...new Set(ended.map(({ clientId }) => clientId))]));
    for (const session of ended)
      if (told.has(session.clientId)) await this.jobs.send(em, noticeOfLogout, session, { key: session.id });
  }
  private async tell(ended: EndedSession, signal: AbortSignal): Promise<void> {
    const uri = (await this.clients.find(ended.clientId))?.backchannelLogoutUri;
    // Disabled, deleted or changed meanwhile.
    if (uri === undefined) return;
    const body = new URLSearchParams({ logout_token: await this.tokenFor(ended) }).toString();
    const status = await this.post(uri, body, signal);
    if (status >= 200 && status < 300) return;
    const message = `the client answered ${status}`;
    // It will say the same of the next one; what is too much for it now it may take later.
    if (status >= 400 && status < 500 && status !== 429) throw new JobCannotSucceed(message);
    throw new Error(message);
  }
  private async post(uri: string, body: string, signal: AbortSignal): Promise<number> {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    try {
      return (await this.egress.fetch(uri, { method: 'POST', headers, body, timeoutMs, signal })).status;
    } catch (error) {
      if (error instanceof AppError && error.row === egressErrors.URL_NOT_ALLOWED)
        throw new JobCannotSucceed('the address of the client is not allowed', { cause: error });
      throw error;
    }
  }
  /** §2.4. Made for each attempt, because it is good for two minutes. */
  private async tokenFor({ id, accountId, clientId }: EndedSession): Promise<string> {
    const [key] = this.keys.published;
    if (!key) throw new Error('no signing keys yet');
    return new SignJWT({ sid: id, events: { [event]: {} } })
      .setProtectedHeader({ alg: 'ES256', kid: key.kid, typ: 'logout+jwt' })
      .setIssuer(this.config.tokens.issuer)
      .setAudience(clientId)
      .setSubject(accountId)
      .setJti(randomUUID())
      .setIssuedAt()
      .setExpirationTime('2m')
      .sign(await importJWK(key.privateJwk, 'ES256'));
  }
}
