import { Entity, ManyToOne, Property } from '@mikro-orm/decorators/legacy';
import { BaseEntity } from '#libs/database/base-entity.js';
import { User } from '#src/users/user.entity.js';
import type { Topic } from './topics.js';

/** What one user is told of one event. Its texts are made from topic and data when it is read. */
@Entity({ tableName: 'notifications' })
export class Notification extends BaseEntity {
  @ManyToOne(() => User, { mapToPk: true, fieldName: 'user_id' })
  userId!: string;

  @Property({ type: 'text' })
  topic!: string;

  @Property({ type: 'json', columnType: 'jsonb' })
  data: object = {};

  @Property({ type: 'datetime', columnType: 'timestamptz(3)', nullable: true })
  readAt: Date | null = null;

  /** Kept by the database. */
  @Property({ type: 'boolean', generated: 'stored' })
  isRead?: boolean;

  static of<D extends object>(topic: Topic<D>, userId: string, data: D): Notification {
    const notification = new Notification();
    notification.topic = topic.name;
    notification.userId = userId;
    notification.data = data;
    return notification;
  }
  /** What was read before stays read since then. */
  read(): void {
    this.readAt ??= new Date();
  }
  unread(): void {
    this.readAt = null;
  }
  delete(): void {
    this.deletedAt = new Date();
  }
}
