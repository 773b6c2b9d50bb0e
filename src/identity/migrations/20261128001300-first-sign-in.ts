import { Migration } from '@mikro-orm/migrations';

/** Nobody is told that their first sign-in after registration is a new one. */
export class FirstSignIn20261128001300 extends Migration {
  override up(): void {
    this.addSql(`alter table verified_emails add column awaits_first_sign_in boolean not null default false`);
  }
}
