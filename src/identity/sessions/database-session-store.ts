import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Statements } from '#libs/database/statements.js';
import { SessionStore, type EndReason, type SessionUse } from '#libs/oidc/session-store.js';
import { deviceLabel } from './device-label.js';

const useStatement = {
  name: 'sessions_use',
  text: `insert into sessions (id, user_id, client_id, device, ip) values ($1, $2, $3, $4, $5)
         on conflict (id) do update set last_seen_at = now(), device = excluded.device, ip = excluded.ip`,
};
const endStatement = {
  name: 'sessions_end',
  text: `update sessions set ended_at = now(), end_reason = $2 where id = any($1::uuid[]) and ended_at is null`,
};
const openStatement = {
  name: 'sessions_open',
  text: 'select id::text from sessions where user_id = $1 and ended_at is null',
};

/** Sessions in the table `sessions`. */
@Injectable()
export class DatabaseSessionStore extends SessionStore {
  constructor(private readonly statements: Statements) {
    super();
  }
  async use(em: EntityManager, { id, accountId, clientId, ip, userAgent }: SessionUse): Promise<void> {
    await this.statements.run(useStatement, [id, accountId, clientId, deviceLabel(userAgent), ip], em);
  }
  async end(em: EntityManager, ids: readonly string[], reason: EndReason): Promise<void> {
    await this.statements.run(endStatement, [ids, reason], em);
  }
  async openOf(em: EntityManager, accountId: string): Promise<string[]> {
    return (await this.statements.run(openStatement, [accountId], em)).map(([id]) => id as string);
  }
}
