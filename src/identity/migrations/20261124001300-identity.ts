import { Migration } from '@mikro-orm/migrations';

/** How accounts prove who they are. In tables of their own: whatever reads `users` must never come across it. */
export class Identity20261124001300 extends Migration {
  override up(): void {
    this.addSql(`
      create table passwords (
        user_id uuid primary key references users,
        hash text not null check (length(hash) <= 300),
        changed_at timestamptz(3) not null default now())`);
    // Of which address it was shown that its mail is read by the account's owner. A new address has to show it again.
    this.addSql(`
      create table verified_emails (
        user_id uuid primary key references users,
        email text not null,
        verified_at timestamptz(3) not null default now())`);
    this.addSql(`
      create table mailed_links (
        token_hash bytea primary key,
        purpose text not null check (purpose in ('REGISTRATION', 'PASSWORD')),
        email text not null check (length(email) <= 254),
        user_id uuid references users,
        interaction text check (length(interaction) <= 200),
        created_at timestamptz(3) not null default now(),
        expires_at timestamptz(3) not null,
        used_at timestamptz(3),
        check ((purpose = 'PASSWORD') = (user_id is not null)))`);
    this.addSql(`create index mailed_links_user on mailed_links (user_id) where used_at is null`);
    this.addSql(`create index mailed_links_expires on mailed_links (expires_at)`);
    this.addSql(`
      create table totp_secrets (
        user_id uuid primary key references users,
        sealed text not null,
        last_step bigint not null,
        created_at timestamptz(3) not null default now())`);
    this.addSql(`
      create table recovery_codes (
        user_id uuid not null references users,
        code_hash bytea not null,
        used_at timestamptz(3),
        primary key (user_id, code_hash))`);
    this.addSql(`
      create table passkeys (
        id uuid primary key,
        user_id uuid not null references users,
        credential_id text not null unique check (length(credential_id) <= 1400),
        public_key bytea not null,
        counter bigint not null,
        transports text[] not null,
        backed_up boolean not null,
        label text not null check (length(label) <= 100),
        created_at timestamptz(3) not null default now(),
        last_used_at timestamptz(3))`);
    this.addSql(`create index passkeys_user on passkeys (user_id, created_at)`);
    this.addSql(`
      create table webauthn_challenges (
        challenge_hash bytea primary key,
        bound_to text not null,
        expires_at timestamptz(3) not null)`);
    this.addSql(`create index webauthn_challenges_expires on webauthn_challenges (expires_at)`);
  }
}
