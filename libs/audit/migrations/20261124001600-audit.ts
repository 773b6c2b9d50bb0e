import { Migration } from '@mikro-orm/migrations';
import { insertOnly, insertOnlyFunction } from '#libs/database/insert-only.js';

export class Audit20261124001600 extends Migration {
  override up(): void {
    this.addSql(insertOnlyFunction);
    this.addSql(`
      create table audit_entries (
        id uuid primary key,
        at timestamptz(3) not null,
        action text not null check (length(action) <= 80),
        outcome text not null check (outcome in ('DONE', 'DENIED', 'FAILED')),
        actor text not null check (length(actor) <= 200),
        actor_id uuid,
        acted_by text check (length(acted_by) <= 200),
        client_id text check (length(client_id) <= 200),
        session_id text check (length(session_id) <= 200),
        correlation_id text check (length(correlation_id) <= 128),
        subject text check (length(subject) <= 80),
        subject_id text check (length(subject_id) <= 200),
        person_id uuid,
        before jsonb check (jsonb_typeof(before) = 'object'),
        after jsonb check (jsonb_typeof(after) = 'object'),
        sealed_fields text[] not null default '{}',
        personal text,
        origin_owner uuid,
        origin text,
        mac bytea not null)`);
    this.addSql(`comment on column audit_entries.person_id is
      'The account that it is about; \`personal\` is sealed under its key.'`);
    this.addSql(`comment on column audit_entries.origin is
      'Address and user agent, sealed under the key of \`origin_owner\`; where that is nobody, as JSON.'`);
    // One for each way to ask: newest first of everything, of an actor, of a subject, of a person, of an action.
    this.addSql(`create index audit_entries_at on audit_entries (at, id)`);
    this.addSql(`create index audit_entries_actor on audit_entries (actor_id, at, id) where actor_id is not null`);
    this.addSql(`create index audit_entries_principal on audit_entries (actor, at, id)`);
    this.addSql(`create index audit_entries_subject on audit_entries (subject, subject_id, at, id)`);
    this.addSql(`create index audit_entries_person on audit_entries (person_id, at, id) where person_id is not null`);
    this.addSql(`create index audit_entries_action on audit_entries (action, at, id)`);
    this.addSql(insertOnly('audit_entries'));

    // What is written waits here, whoever writes, until it is sealed: no late commit can be missed.
    this.addSql(`create table audit_unsealed (entry_id uuid primary key)`);
    this.addSql(`
      create function await_seal() returns trigger language plpgsql as $$
      begin
        insert into audit_unsealed select id from written;
        return null;
      end $$`);
    this.addSql(`create trigger await_seal after insert on audit_entries referencing new table as written
      for each statement execute function await_seal()`);
    this.addSql(`
      create table audit_seals (
        no bigint primary key check (no > 0),
        at timestamptz(3) not null,
        count int not null check (count > 0),
        total bigint not null,
        entry_ids uuid[] not null check (cardinality(entry_ids) = count),
        entry_hashes bytea not null check (length(entry_hashes) = count * 32),
        previous_hash bytea not null,
        hash bytea not null,
        mac bytea not null)`);
    this.addSql(`comment on column audit_seals.total is 'Entries sealed so far, these included.'`);
    this.addSql(insertOnly('audit_seals'));
    // Names the last seal, so that one which is cut off is missed. Its lock makes one sealer of all instances.
    this.addSql(`
      create table audit_head (
        id boolean primary key default true check (id),
        seal bigint not null,
        total bigint not null,
        hash bytea not null,
        mac bytea not null)`);
    this.addSql(`insert into audit_head (seal, total, hash, mac) values (0, 0, '', '')`);

    this.addSql(`
      create table person_keys (
        person_id uuid primary key,
        sealed_key text,
        created_at timestamptz(3) not null default now(),
        destroyed_at timestamptz(3),
        check ((sealed_key is null) = (destroyed_at is not null)))`);
  }
}
