import { Entity, Property } from '@mikro-orm/decorators/legacy';
import { BaseEntity } from '#libs/database/base-entity.js';

export const UserStatus = { ACTIVE: 'ACTIVE', SUSPENDED: 'SUSPENDED' } as const;
export type UserStatus = keyof typeof UserStatus;

@Entity({ tableName: 'users' })
export class User extends BaseEntity {
  @Property({ type: 'text' })
  email!: string;

  @Property({ type: 'text' })
  displayName!: string;

  @Property({ type: 'text' })
  status: UserStatus = UserStatus.ACTIVE;

  @Property({ type: 'text', nullable: true })
  suspensionReason: string | null = null;

  @Property({ type: 'text' })
  locale = 'en';

  @Property({ type: 'text' })
  timeZone = 'UTC';

  /** Names of roles. */
  @Property({ type: 'array', columnType: 'text[]' })
  roles: string[] = ['customer'];

  @Property({ type: 'json', columnType: 'jsonb' })
  preferences: Record<string, unknown> = {};

  suspend(reason: string | null): void {
    this.status = UserStatus.SUSPENDED;
    this.suspensionReason = reason;
  }
  reactivate(): void {
    this.status = UserStatus.ACTIVE;
    this.suspensionReason = null;
  }
}
