import { Entity, ManyToOne, Property } from '@mikro-orm/decorators/legacy';
import { BaseEntity } from '#libs/database/base-entity.js';
import type { EndReason } from '#libs/oidc/session-store.js';
import { User } from '#src/users/user.entity.js';

/** An app on a device that somebody is signed in to. Written by `DatabaseSessionStore` alone. */
@Entity({ tableName: 'sessions' })
export class Session extends BaseEntity {
  @ManyToOne(() => User, { mapToPk: true, fieldName: 'user_id' })
  userId!: string;

  @Property({ type: 'text' })
  clientId!: string;

  @Property({ type: 'text' })
  clientName!: string;

  /** `Chrome · Android`. */
  @Property({ type: 'text', fieldName: 'device' })
  deviceLabel!: string;

  @Property({ type: 'text' })
  ip!: string;

  @Property({ type: 'datetime', columnType: 'timestamptz(3)' })
  lastSeenAt!: Date;

  @Property({ type: 'datetime', columnType: 'timestamptz(3)' })
  expiresAt!: Date;

  @Property({ type: 'datetime', columnType: 'timestamptz(3)', nullable: true })
  endedAt: Date | null = null;

  @Property({ type: 'text', nullable: true })
  endReason: EndReason | null = null;

  @ManyToOne(() => User, { mapToPk: true, fieldName: 'acted_by', nullable: true })
  actedBy: string | null = null;

  /** Kept by the database, like the next one. */
  @Property({ type: 'boolean', generated: 'stored' })
  isEnded?: boolean;

  @Property({ type: 'boolean', generated: 'stored' })
  isActing?: boolean;
}
