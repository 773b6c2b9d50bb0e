import { Migration } from '@mikro-orm/migrations';
import { baseColumns, stampTrigger } from '#libs/database/migrations/20261123000000-ground.js';

export class Clients20261124001400 extends Migration {
  override up(): void {
    this.addSql(`
      create table clients (${baseColumns},
        client_id text not null check (client_id ~ '^[a-z][a-z0-9-]{2,62}$'),
        name text not null check (length(name) between 1 and 120),
        kind text not null check (kind in ('WEB', 'NATIVE', 'SERVICE')),
        auth_method text not null check (auth_method in ('NONE', 'CLIENT_SECRET', 'PRIVATE_KEY_JWT')),
        is_first_party boolean not null default false,
        is_disabled boolean not null default false,
        redirect_uris text[] not null default '{}',
        post_logout_redirect_uris text[] not null default '{}',
        backchannel_logout_uri text check (length(backchannel_logout_uri) <= 500),
        scopes text[] not null default '{}',
        roles text[] not null default '{}',
        contacts text[] not null default '{}',
        jwks jsonb check (jsonb_typeof(jwks) = 'object'),
        secrets jsonb not null default '[]' check (jsonb_typeof(secrets) = 'array' and jsonb_array_length(secrets) <= 2),
        check (kind = 'SERVICE' or roles = '{}'),
        check (kind <> 'SERVICE' or auth_method <> 'NONE'),
        check (kind <> 'NATIVE' or auth_method = 'NONE'))`);
    this.addSql(stampTrigger('clients'));
    // Also of deleted ones: a token that was made for one must never be good for another.
    this.addSql(`create unique index clients_client_id on clients (client_id)`);
    this.addSql(`create index clients_created_at on clients (created_at, id)`);
    this.addSql(`create index clients_name on clients (name, id)`);
    this.addSql(`create index clients_xid on clients (xid)`);
    this.addSql(
      `comment on column clients.secrets is 'SHA-256 of secrets that are valid: the last one, and the one before it for a while.'`,
    );
  }
}
