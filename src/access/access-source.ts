import { Injectable } from '@nestjs/common';
import {
  AccessSource,
  rememberEndedFor,
  type AccessChanges,
  type Account,
  type ServiceClient,
} from '#libs/authn/access-state.js';
import type { Rule } from '#libs/authz/rules.js';
import { Statements } from '#libs/database/statements.js';

// Every row is stamped with the transaction that wrote it. All from the oldest one that was open at the last look on
// may be new; what was seen already is named again, which costs a read and nothing else.
const changesStatement = {
  name: 'access_changes',
  text: `select pg_snapshot_xmin(pg_current_snapshot())::text,
           array(select id::text from users where xid >= $1::xid8),
           exists(select from roles where xid >= $1::xid8),
           array(select client_id from clients where xid >= $1::xid8),
           array(select id::text from sessions where xid >= $1::xid8 and ended_at is not null
                 union all select id::text from identities where xid >= $1::xid8 and deleted_at is not null)`,
};
const positionStatement = {
  name: 'access_position',
  text: `select pg_snapshot_xmin(pg_current_snapshot())::text,
           array(select id::text from sessions where ended_at > now() - interval '${rememberEndedFor / 60_000} minutes')`,
};
const accountsStatement = {
  name: 'access_accounts',
  text: `select id::text, status = 'SUSPENDED', roles, locale from users where id = any($1::uuid[]) and deleted_at is null`,
};
const serviceClientStatement = {
  name: 'access_service_client',
  text: `select roles from clients where client_id = $1 and kind = 'SERVICE' and not is_disabled and deleted_at is null`,
};
const endedClientsStatement = {
  name: 'access_ended_clients',
  text: 'select client_id from clients where is_disabled or deleted_at is not null',
};
const rulesStatement = { name: 'access_rules', text: 'select name, rules from roles where deleted_at is null' };

/** Accounts from `users`, services from `clients`, rules from `roles`, what has ended from `sessions`. */
@Injectable()
export class DatabaseAccessSource extends AccessSource {
  constructor(private readonly statements: Statements) {
    super();
  }
  async changes(position: string | undefined): Promise<AccessChanges> {
    if (position === undefined) {
      const [[first, endedSessions]] = (await this.statements.run(positionStatement, [])) as [string, string[]][];
      return { position: first, accounts: [], clients: [], roles: true, endedSessions };
    }
    const [[next, accounts, roles, clients, endedSessions]] = (await this.statements.run(changesStatement, [
      position,
    ])) as [string, string[], boolean, string[], string[]][];
    return { position: next, accounts, clients, roles, endedSessions };
  }
  async accounts(ids: readonly string[]): Promise<Map<string, Account>> {
    const rows = (await this.statements.run(accountsStatement, [ids])) as [string, boolean, string[], string][];
    return new Map(rows.map(([id, suspended, roles, locale]): [string, Account] => [id, { suspended, roles, locale }]));
  }
  async serviceClient(clientId: string): Promise<ServiceClient | undefined> {
    const [row] = (await this.statements.run(serviceClientStatement, [clientId])) as [string[]][];
    return row && { roles: row[0] };
  }
  async endedClients(): Promise<string[]> {
    return ((await this.statements.run(endedClientsStatement, [])) as [string][]).map(([clientId]) => clientId);
  }
  async rules(): Promise<Map<string, Rule[]>> {
    return new Map((await this.statements.run(rulesStatement, [])) as [string, Rule[]][]);
  }
}
