import { Migration } from '@mikro-orm/migrations';

/** Old notifications are found without reading all of them. */
export class NotificationsCreated20261128000400 extends Migration {
  override up(): void {
    this.addSql(`create index notifications_created on notifications (created_at)`);
  }
}
