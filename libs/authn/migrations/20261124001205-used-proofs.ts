import { Migration } from '@mikro-orm/migrations';

export class UsedProofs20261124001205 extends Migration {
  override up(): void {
    this.addSql(`create table used_proofs (id text primary key, expires_at timestamptz not null)`);
    this.addSql(`create index used_proofs_expires on used_proofs (expires_at)`);
  }
}
