import { Choice, Email, Input, Json, PartialOf, Text, View } from '#libs/contract/fields.js';
import { ResourceView } from '#libs/contract/resource-view.js';
import { UserStatus } from './user.entity.js';

const displayNameLength = { minLength: 1, maxLength: 120 };
/** BCP 47, as far as languages and regions go. */
const localePattern = '^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$';
/** Names of the IANA time zone database. */
const timeZonePattern = '^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}$';

@View('User', 'An account: a customer or a member of the staff.')
export class UserView extends ResourceView {
  @Email({ restrictable: true, description: 'E-mail address. Seen by the user and by staff.' })
  email?: string;

  @Text({ ...displayNameLength, description: 'Name as others see it.', example: 'Ada Lovelace' })
  displayName!: string;

  @Choice('UserStatus', UserStatus, {
    restrictable: true,
    description: 'Whether the account can be used. Seen by the user and by staff.',
    descriptions: { ACTIVE: 'Can be used.', SUSPENDED: 'Is locked: every request is refused.' },
  })
  status?: UserStatus;

  @Text({
    nullable: true,
    restrictable: true,
    description: 'Why the account is suspended. Seen by staff.',
    example: 'Chargeback under review',
  })
  suspensionReason?: string | null;

  @Text({
    restrictable: true,
    maxLength: 35,
    pattern: localePattern,
    description: 'Preferred language, BCP 47. Seen by the user and by staff.',
    example: 'de-AT',
  })
  locale?: string;

  @Text({
    restrictable: true,
    maxLength: 64,
    pattern: timeZonePattern,
    description: 'Time zone, IANA name. Seen by the user and by staff.',
    example: 'Europe/Vienna',
  })
  timeZone?: string;

  @Text({
    list: true,
    restrictable: true,
    maxLength: 40,
    maxItems: 20,
    description: 'Names of the roles. Seen by the user and by staff.',
    example: 'customer',
  })
  roles?: string[];

  @Json({
    restrictable: true,
    description: 'Settings of the user for the apps. Seen by the user and by admins.',
    example: { theme: 'dark' },
  })
  preferences?: Record<string, unknown>;
}

abstract class ProfileFields {
  @Text({ ...displayNameLength, description: 'Name as others see it.', example: 'Ada Lovelace' })
  displayName!: string;

  @Text({ maxLength: 35, pattern: localePattern, description: 'Preferred language, BCP 47.', example: 'de-AT' })
  locale!: string;

  @Text({ maxLength: 64, pattern: timeZonePattern, description: 'Time zone, IANA name.', example: 'Europe/Vienna' })
  timeZone!: string;

  @Json({
    description: 'Settings of the user for the apps. A change is merged with what is there; null removes a setting.',
    example: { theme: 'dark' },
  })
  preferences!: Record<string, unknown>;
}
@Input('UpdateProfileInput', 'Changes of a profile; what is left out stays.')
export class UpdateProfileInput extends PartialOf(ProfileFields) {}

@Input('SuspendUserInput', 'Why an account is suspended.')
export class SuspendUserInput {
  @Text({ optional: true, nullable: true, description: 'For the staff.', example: 'Chargeback under review' })
  reason?: string | null;
}
@Input('SetUserRolesInput', 'The roles that a user has from now on.')
export class SetUserRolesInput {
  @Text({
    list: true,
    maxLength: 40,
    minItems: 1,
    maxItems: 20,
    uniqueItems: true,
    pattern: '^[a-z][a-z0-9-]*$',
    description: 'Names of roles; they replace those that the user has.',
    example: 'support',
  })
  roles!: string[];
}
