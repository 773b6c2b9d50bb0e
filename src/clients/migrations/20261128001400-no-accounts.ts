import { Migration } from '@mikro-orm/migrations';

/** A service is the subject of its tokens, which must not name an account. */
export class NoAccounts20261128001400 extends Migration {
  override up(): void {
    this.addSql(`
      alter table clients add check (client_id !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$')`);
  }
}
