import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Audit } from '#libs/audit/audit.js';
import { currentContext } from '#libs/context/request-context.js';
import { Statements, type Row } from '#libs/database/statements.js';
import { LogoutNotices } from '#libs/oidc/logout-notices.js';
import { SessionStore, type EndReason, type SessionUse } from '#libs/oidc/session-store.js';
import { deviceLabel } from './device-label.js';

const maxClientName = 200;
const useStatement = {
  name: 'sessions_use',
  text: `insert into sessions (id, user_id, client_id, client_name, device, ip, expires_at)
         values ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7::double precision))
         on conflict (id) do update set last_seen_at = now(), client_name = excluded.client_name, device = excluded.device,
           ip = excluded.ip, expires_at = excluded.expires_at`,
};
// Which of those that ended were somebody's own, and which the staff's who looked on.
const ended = 'returning id::text, user_id::text, client_id, acted_by::text';
const endStatement = {
  name: 'sessions_end',
  text: `update sessions set ended_at = now(), end_reason = $2 where id = any ($1::uuid[]) and ended_at is null ${ended}`,
};
const endAllStatement = {
  name: 'sessions_end_all',
  text: `update sessions set ended_at = now(), end_reason = $2
          where user_id = $1 and ended_at is null and id <> all ($3::uuid[]) ${ended}`,
};
const openOfClientStatement = {
  name: 'sessions_open_of_client',
  text: `select id::text from sessions where client_id = $1 and ended_at is null and created_at <= $2 limit $3`,
};

/** Sessions in the table `sessions`. Whatever ends one, the audit trail has it; but for the lapse of time its client is told. */
@Injectable()
export class DatabaseSessionStore extends SessionStore {
  constructor(
    private readonly statements: Statements,
    private readonly audit: Audit,
    private readonly logouts: LogoutNotices,
  ) {
    super();
  }
  async use(em: EntityManager, use: SessionUse): Promise<void> {
    const { id, accountId, clientId, clientName, ip, userAgent, livesFor } = use;
    const values = [id, accountId, clientId, clientName.slice(0, maxClientName), deviceLabel(userAgent), ip, livesFor];
    await this.statements.run(useStatement, values, em);
  }
  async end(em: EntityManager, ids: readonly string[], reason: EndReason): Promise<string[]> {
    return this.record(em, reason, await this.statements.run(endStatement, [ids, reason], em));
  }
  async endAll(em: EntityManager, accountId: string, reason: EndReason, except: readonly string[]): Promise<string[]> {
    return this.record(em, reason, await this.statements.run(endAllStatement, [accountId, reason, except], em));
  }
  async openOfClient(em: EntityManager, clientId: string, until: Date, limit: number): Promise<string[]> {
    const rows = await this.statements.run(openOfClientStatement, [clientId, until, limit], em);
    return rows.map(([id]) => id as string);
  }
  private async record(em: EntityManager, reason: EndReason, rows: readonly Row[]): Promise<string[]> {
    const sessions = (rows as readonly [string, string, string, string | null][]).map(
      ([id, personId, clientId, actedBy]) => {
        const told = { action: 'session.end', subject: 'Session', subjectId: id, personId };
        const actor = isOwners(reason) ? { actor: `user:${personId}` } : {};
        this.audit.record(em, { ...told, ...actor, after: { reason, clientId, isActing: actedBy !== null } });
        // By whom, nobody can tell: the owner sees from where.
        if (reason === 'REUSED')
          this.audit.record(em, { ...told, action: 'token.reuse', outcome: 'DENIED', actor: 'anonymous' });
        return { id, accountId: personId, clientId };
      },
    );
    // What was not used for so long its client knows to be over.
    if (reason !== 'EXPIRED') await this.logouts.send(em, sessions);
    return sessions.map(({ id }) => id);
  }
}
/** Signing out is asked for by whoever holds the browser or the token, before anybody is known. */
const isOwners = (reason: EndReason): boolean =>
  (reason === 'SIGNED_OUT' || reason === 'REVOKED') && (currentContext()?.principal ?? 'anonymous') === 'anonymous';
