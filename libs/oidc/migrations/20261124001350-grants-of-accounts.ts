import { Migration } from '@mikro-orm/migrations';

/** All of an account ends at once. */
export class GrantsOfAccounts20261124001350 extends Migration {
  override up(): void {
    this.addSql(`
      create index issuer_state_of_account on issuer_state (account_id) where model in ('Session', 'Grant')`);
    this.addSql(`drop index issuer_state_account`);
  }
}
