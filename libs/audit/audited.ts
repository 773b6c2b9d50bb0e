import {
  JsonType,
  type ChangeSet,
  type EntityManager as CoreEntityManager,
  type EventSubscriber,
  type Platform,
  type UnitOfWork,
} from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { MikroORM } from '@mikro-orm/postgresql';
import { currentContext } from '#libs/context/request-context.js';
import { accountOf, Audit, draftOf, draftsOf, takeDrafts, type AuditDraft } from './audit.js';

export interface Audited<E> {
  /** Name of its policy subject. */
  readonly subject: string;
  /** Property that holds the id of the account that a row is about. */
  readonly person?: keyof E & string;
  /** Properties whose values are personal. */
  readonly personal?: readonly (keyof E & string)[];
  /** Properties that are left out, beside those that every row has. */
  readonly except?: readonly (keyof E & string)[];
  /** Whether a change of this row by this account is told at all. */
  readonly when?: (row: E, actorId: string | null) => boolean;
}
const definitions = new Map<unknown, Audited<any>>();
const always = new Set(['id', 'version', 'createdAt', 'updatedAt', 'deletedAt']);

/** Changes of this entity are told to the audit trail by themselves, with what changed; raw SQL has to call `record`. */
export function Audited<E>(definition: Audited<E>) {
  return (entity: abstract new () => E): void => void definitions.set(entity, definition);
}

/** Collects what a flush changes of audited entities, and writes all that a transaction has to tell before it commits. */
@Injectable()
export class AuditSubscriber implements EventSubscriber {
  constructor(
    private readonly audit: Audit,
    orm: MikroORM,
  ) {
    orm.em.getEventManager().registerSubscriber(this);
  }
  onFlush({ em, uow }: { em: CoreEntityManager; uow: UnitOfWork }): void {
    for (const changeSet of uow.getChangeSets()) collect(em as EntityManager, changeSet);
  }
  async beforeTransactionCommit({ em }: { em: CoreEntityManager }): Promise<void> {
    await this.audit.write(em as EntityManager, takeDrafts(em as EntityManager));
  }
}

function collect(em: EntityManager, changeSet: ChangeSet<any>): void {
  const definition = definitions.get(changeSet.meta.class);
  if (!definition) return;
  const row = changeSet.entity as Record<string, unknown>;
  const actorId = accountOf(currentContext()?.principal ?? 'system');
  if (definition.when && !definition.when(row, actorId)) return;
  const except = new Set<string>([...always, ...(definition.except ?? [])]);
  const { before, after, verb } = differenceOf(changeSet, except, em.getPlatform());
  if (verb === 'update' && Object.keys(after).length === 0) return;
  const change = {
    subject: definition.subject,
    subjectId: row.id as string,
    personId: definition.person ? (row[definition.person] as string) : undefined,
    personal: definition.personal,
    ...(verb !== 'create' && { before }),
    ...(verb !== 'delete' && { after }),
  };
  const all = draftsOf(em);
  const told = all.findIndex((d) => d.subject === change.subject && d.subjectId === change.subjectId);
  if (told >= 0) all[told] = merged(all[told], change);
  else all.push({ ...draftOf({ action: `${kebab(definition.subject)}.${verb}`, ...change }), automatic: true });
}
/** A second flush goes on from the first one: the oldest values before, the latest after. */
function merged(draft: AuditDraft, change: Partial<AuditDraft>): AuditDraft {
  const of = (a: object | undefined, b: object | undefined) => (a || b ? { ...a, ...b } : undefined);
  return {
    ...draft,
    personId: draft.personId ?? change.personId,
    personal: [...new Set([...(draft.personal ?? []), ...(change.personal ?? [])])],
    before: of(change.before, draft.before),
    after: of(draft.after, change.after),
  };
}
const kebab = (name: string): string => name.replaceAll(/(?!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();

type Verb = 'create' | 'update' | 'delete';
/** Values as the entity has them; what a row was before is kept as the driver gave it. */
function differenceOf(changeSet: ChangeSet<any>, except: ReadonlySet<string>, platform: Platform) {
  const { type, payload, originalEntity, entity, meta } = changeSet;
  const original = (originalEntity ?? {}) as Record<string, unknown>;
  const isGone = type.startsWith('delete') || ('deletedAt' in payload && payload.deletedAt !== null);
  const verb: Verb = type === 'create' ? 'create' : isGone ? 'delete' : 'update';
  const before: Record<string, unknown> = {};
  const after: Record<string, unknown> = {};
  for (const { name, persist, generated, customType } of meta.props) {
    if (except.has(name) || persist === false || generated) continue;
    if (!(name in payload) && !type.startsWith('delete')) continue;
    const old = original[name] ?? null;
    if (customType instanceof JsonType && typeof old === 'string') before[name] = JSON.parse(old);
    else before[name] = customType && old !== null ? customType.convertToJSValue(old, platform) : old;
    after[name] = (entity as Record<string, unknown>)[name] ?? null;
  }
  return { before, after, verb };
}
