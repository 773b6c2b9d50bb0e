import { Entity, Property } from '@mikro-orm/decorators/legacy';
import { Audited } from '#libs/audit/audited.js';
import { patchedJson } from '#libs/contract/merge-patch.js';
import { BaseEntity } from '#libs/database/base-entity.js';
import { AppError } from '#libs/errors/app-error.js';
import { commonErrors } from '#libs/errors/common-errors.js';
import { adminRole } from '#src/access/role.entity.js';
import { isDisplayName } from './display-name.js';

export const UserStatus = { ACTIVE: 'ACTIVE', SUSPENDED: 'SUSPENDED' } as const;
export type UserStatus = keyof typeof UserStatus;

interface Profile {
  readonly displayName: string;
  readonly locale: string;
  readonly timeZone: string;
  readonly preferences: Record<string, unknown>;
}

@Audited<User>({
  subject: 'User',
  person: 'id',
  personal: ['email', 'displayName', 'suspensionReason', 'locale', 'timeZone', 'preferences'],
})
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

  /** Whether this account keeps the service administrable. */
  get isActiveAdmin(): boolean {
    return this.status === UserStatus.ACTIVE && this.roles.includes(adminRole);
  }
  /** What is left out stays; preferences are merged. */
  updateProfile({ displayName, locale, timeZone, preferences }: Partial<Profile>): void {
    const wrong = [
      ...(displayName === undefined || isDisplayName(displayName) ? [] : ['displayName']),
      ...(timeZone === undefined || isTimeZone(timeZone) ? [] : ['timeZone']),
    ];
    if (wrong.length > 0)
      throw new AppError(commonErrors.VALIDATION_FAILED, {
        details: wrong.map((field) => ({ field, code: 'FORMAT' })),
      });
    if (displayName !== undefined) this.displayName = displayName;
    if (locale !== undefined) this.locale = locale;
    if (timeZone !== undefined) this.timeZone = timeZone;
    if (preferences !== undefined) this.preferences = patchedJson('preferences', this.preferences, preferences);
  }
  suspend(reason: string | null): void {
    this.status = UserStatus.SUSPENDED;
    this.suspensionReason = reason;
  }
  reactivate(): void {
    this.status = UserStatus.ACTIVE;
    this.suspensionReason = null;
  }
}

/** Whether the time zone database knows the name, links such as `Asia/Calcutta` included. */
function isTimeZone(name: string): boolean {
  try {
    Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
