import { Choice, Flag, Id, Input, Instant, Int, Text, View } from '#libs/contract/fields.js';
import { ResourceView } from '#libs/contract/resource-view.js';
import { maxCount } from '#libs/database/reads.js';
import { EndReason } from '#libs/oidc/session-store.js';

@View('Session', 'An app on a device that a user is signed in to.')
export class SessionView extends ResourceView {
  @Id({ description: 'Id of the user.' })
  userId!: string;

  @Text({ maxLength: 100, description: 'The app: what the client calls itself.', example: 'tandem-mobile' })
  clientId!: string;

  @Text({ maxLength: 200, description: 'Name of the app, as of when it was used last.', example: 'Tandem' })
  clientName!: string;

  @Text({
    maxLength: 200,
    description: 'What it runs on, as far as it says, in the language of the request.',
    example: 'Chrome on Android',
  })
  device!: string;

  @Text({
    maxLength: 45,
    restrictable: true,
    description: 'IP address that it was used from last. Seen by the user and by those who may end the session.',
    example: '203.0.113.7',
  })
  ip?: string;

  @Flag({ description: 'Whether it is the session that the request is made in.', example: true })
  isCurrent!: boolean;

  @Flag({
    description: 'Whether it is not the user: somebody of the support looks at the service as the user sees it.',
    example: false,
  })
  isActing!: boolean;

  @Instant({ description: 'When it was given tokens last: of an app in use within some ten minutes.' })
  lastSeenAt!: string;

  @Instant({ description: 'When it is over unless it is used before.' })
  expiresAt!: string;

  @Flag({ description: 'Whether it is over. It then stays in lists for 30 days.', example: false })
  isEnded!: boolean;

  @Instant({ nullable: true, description: 'When it came to its end; null while it has not.' })
  endedAt!: string | null;

  @Choice('SessionEndReason', EndReason, {
    nullable: true,
    description: 'Why it is over; null while it is not.',
    descriptions: {
      SIGNED_OUT: 'The user signed out.',
      REVOKED: 'The app gave its tokens back.',
      REUSED: 'A refresh token was used twice: somebody had a copy of it.',
      ENDED_BY_USER: 'The user ended it from elsewhere.',
      ENDED_BY_STAFF: 'The staff ended it.',
      PASSWORD_CHANGED: 'The user has a new password.',
      SUSPENDED: 'The account was suspended.',
      CLIENT_DISABLED: 'The app was disabled.',
      CLIENT_DELETED: 'The app is gone.',
      EXPIRED: 'It was not used for too long.',
    },
  })
  endReason!: EndReason | null;
}

@Input('EndAllSessionsInput', 'Which sessions come to an end.')
export class EndAllSessionsInput {
  @Id({ optional: true, nullable: true, description: 'Whose: of the caller unless told.' })
  userId?: string | null;

  @Flag({
    optional: true,
    nullable: true,
    description:
      'Leave the session that the request is made in, and the browser that it was begun in. False unless told.',
    example: true,
  })
  exceptCurrent?: boolean | null;
}
@View('EndedSessions', 'How many sessions came to an end.')
export class EndedSessionsView {
  @Int({ min: 0, max: maxCount, description: 'How many came to an end by this.', example: 3 })
  count!: number;
}
