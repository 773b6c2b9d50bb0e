import { Migration } from '@mikro-orm/migrations';

export class SigningKeys20261124001200 extends Migration {
  override up(): void {
    this.addSql(`
      create table signing_keys (
        kid text primary key check (length(kid) between 1 and 64),
        generation int not null unique,
        public_jwk jsonb not null,
        private_jwk text not null,
        created_at timestamptz(3) not null default now(),
        signs_from timestamptz(3) not null)`);
    this.addSql(`comment on column signing_keys.private_jwk is 'Sealed with ENCRYPTION_KEYS, bound to the kid.'`);
    this.addSql(`comment on column signing_keys.generation is
      'Counts up, and decides which of two instances that make a key at once has made it.'`);
    this.addSql(`comment on column signing_keys.signs_from is
      'Before it: published only. From it on the key signs until the next one does; published for a while after that.'`);
  }
}
