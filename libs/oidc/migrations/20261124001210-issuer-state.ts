import { Migration } from '@mikro-orm/migrations';

export class IssuerState20261124001210 extends Migration {
  override up(): void {
    this.addSql(`
      create table issuer_state (
        model text not null,
        id text not null,
        payload jsonb not null,
        grant_id text,
        uid text,
        account_id text,
        consumed_at timestamptz,
        successor text,
        successor_id text,
        expires_at timestamptz not null,
        primary key (model, id))`);
    this.addSql(`comment on table issuer_state is
      'What the OpenID provider keeps: sessions of browsers, interactions, grants, codes, refresh tokens.'`);
    this.addSql(`comment on column issuer_state.id is 'SHA-256 of the id, which is what its bearer shows.'`);
    this.addSql(`comment on column issuer_state.successor is
      'Of a used refresh token: the token that followed it, sealed with a key derived from the used one.'`);
    this.addSql(`create index issuer_state_grant on issuer_state (grant_id) where grant_id is not null`);
    this.addSql(`create index issuer_state_uid on issuer_state (model, uid) where uid is not null`);
    this.addSql(`create index issuer_state_account on issuer_state (account_id) where model = 'Session'`);
    this.addSql(`create index issuer_state_expires on issuer_state (expires_at)`);
  }
}
