import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import type { AuditOutcome } from './audit.js';

/** For reading; entries are written by `Audit` alone. */
@Entity({ tableName: 'audit_entries' })
export class AuditEntry {
  @PrimaryKey({ type: 'uuid' })
  id!: string;

  @Property({ type: 'datetime', columnType: 'timestamptz(3)' })
  at!: Date;

  @Property({ type: 'text' })
  action!: string;

  @Property({ type: 'text' })
  outcome!: AuditOutcome;

  @Property({ type: 'text' })
  actor!: string;

  @Property({ type: 'uuid', nullable: true })
  actorId!: string | null;

  @Property({ type: 'text', nullable: true })
  actedBy!: string | null;

  @Property({ type: 'text', nullable: true })
  clientId!: string | null;

  @Property({ type: 'text', nullable: true })
  sessionId!: string | null;

  @Property({ type: 'text', nullable: true })
  correlationId!: string | null;

  @Property({ type: 'text', nullable: true })
  subject!: string | null;

  @Property({ type: 'text', nullable: true })
  subjectId!: string | null;

  @Property({ type: 'uuid', nullable: true })
  personId!: string | null;

  /** Without what is personal, which `personal` holds. */
  @Property({ type: 'json', columnType: 'jsonb', nullable: true, fieldName: 'before' })
  openBefore!: Record<string, unknown> | null;

  @Property({ type: 'json', columnType: 'jsonb', nullable: true, fieldName: 'after' })
  openAfter!: Record<string, unknown> | null;

  @Property({ type: 'array', columnType: 'text[]' })
  sealedFields!: string[];

  @Property({ type: 'text', nullable: true })
  personal!: string | null;

  @Property({ type: 'uuid', nullable: true })
  originOwner!: string | null;

  @Property({ type: 'text', nullable: true })
  origin!: string | null;
}
