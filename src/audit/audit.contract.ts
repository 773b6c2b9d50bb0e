import { AuditOutcome } from '#libs/audit/audit.js';
import { Choice, Id, Instant, Json, Text, View } from '#libs/contract/fields.js';

@View('AuditEntry', 'Who did what to what, and when. Entries are never changed.')
export class AuditEntryView {
  @Id({ description: 'Id.' })
  id!: string;

  @Instant({ description: 'When it was done.' })
  at!: string;

  @Text({
    maxLength: 80,
    description: 'What was done. New actions may be added.',
    example: 'user.suspend',
  })
  action!: string;

  @Choice('AuditOutcome', AuditOutcome, {
    description: 'What came of it.',
    descriptions: {
      DONE: 'It was done.',
      DENIED: 'It was refused: who tried has no right to do it.',
      FAILED: 'It was tried and did not succeed.',
    },
  })
  outcome!: AuditOutcome;

  @Text({
    restrictable: true,
    description:
      'Who did it: `user:<id>`, `client:<id>`, `anonymous` or `system`. Seen by those who read the audit trail, and of what they did by users themselves.',
    example: 'user:0197f5a0-5a4c-7c3e-9d2b-3f6f5a1b2c3d',
  })
  actor?: string;

  @Id({ nullable: true, restrictable: true, description: 'The account that did it, if it was one. Seen like `actor`.' })
  actorId?: string | null;

  @Text({
    nullable: true,
    description: 'Who acted in the name of `actor`: a member of the staff, with the right to.',
    example: 'user:0197f5a0-5a4c-7c3e-9d2b-3f6f5a1b2c3d',
  })
  actedBy!: string | null;

  @Text({
    nullable: true,
    restrictable: true,
    description: 'The app that it was done with. Seen like `actor`.',
    example: 'tandem-web',
  })
  clientId?: string | null;

  @Text({
    nullable: true,
    restrictable: true,
    description: 'The session that it was done in. Seen like `actor`.',
    example: '0197f5a0-5a4c-7c3e-9d2b-3f6f5a1b2c3d',
  })
  sessionId?: string | null;

  @Text({
    nullable: true,
    restrictable: true,
    description:
      'Address that it came from; null when there was none, or it was erased. Seen like `actor`, and by users of what anonymous callers tried on their account.',
    example: '203.0.113.7',
  })
  ip?: string | null;

  @Text({
    nullable: true,
    restrictable: true,
    description: 'The `User-Agent` that it came with. Seen like `ip`.',
    example: 'Mozilla/5.0',
  })
  userAgent?: string | null;

  @Text({ nullable: true, description: '`X-Correlation-Id` of the request.', example: '4f6c1d0e' })
  correlationId!: string | null;

  @Text({ nullable: true, description: 'What kind of thing it was done to.', example: 'User' })
  subject!: string | null;

  @Text({
    nullable: true,
    description: 'Id of the thing.',
    example: '0197f5a0-5a4c-7c3e-9d2b-3f6f5a1b2c3d',
  })
  subjectId!: string | null;

  @Id({ nullable: true, description: 'The account that it is about, which sees the entry.' })
  personId!: string | null;

  @Json({
    nullable: true,
    restrictable: true,
    description: 'What changed, as it was before; null for what was made. Seen like `actor`.',
    example: { status: 'ACTIVE' },
  })
  before?: Record<string, unknown> | null;

  @Json({
    nullable: true,
    restrictable: true,
    description: 'What changed, as it was after; null for what is gone. Seen like `actor`.',
    example: { status: 'SUSPENDED' },
  })
  after?: Record<string, unknown> | null;

  @Text({
    list: true,
    restrictable: true,
    maxItems: 200,
    description:
      'Names of fields that `before` and `after` lack because the personal data of the account was erased. Seen like `actor`.',
    example: 'displayName',
  })
  erased?: string[];
}
