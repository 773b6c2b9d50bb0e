import { Migration } from '@mikro-orm/migrations';

/** A name is free again when its role is gone; the role that may do everything stays, and stays what it is. */
export class RolesByAdmins20261124001500 extends Migration {
  override up(): void {
    this.addSql(`create unique index roles_name on roles (name) where deleted_at is null`);
    this.addSql(`alter table roles drop constraint roles_name_key`);
    this.addSql(`alter table roles add constraint roles_reserved check (name <> 'anonymous')`);
    this.addSql(
      `alter table roles add constraint roles_admin check (name <> 'admin' or (built_in and rules = '[]' and deleted_at is null))`,
    );
  }
}
