import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { currentContext } from '#libs/context/request-context.js';
import { Statements } from '#libs/database/statements.js';
import { AuditSignatures, entryText } from './audit-seals.js';
import { plainJson, storable } from './canonical.js';
import { PersonKeys, sealUnder, type Keys } from './person-keys.js';
import { entryValues, insertEntries, type Content, type StoredEntry } from './stored-entry.js';

export const AuditOutcome = { DONE: 'DONE', DENIED: 'DENIED', FAILED: 'FAILED' } as const;
export type AuditOutcome = keyof typeof AuditOutcome;
type Values = Readonly<Record<string, unknown>>;

/** What is told of something that happened. Who did it, from where and when, the context knows. */
export interface AuditEvent {
  /** `user.suspend`, `sign-in.fail`: what it was done to and the verb, in dotted lower case. */
  readonly action: string;
  readonly outcome?: AuditOutcome;
  /** What it was done to: the name of the policy subject and the row's id. */
  readonly subject?: string;
  readonly subjectId?: string;
  /** The account that it is about, if any: it sees the entry. */
  readonly personId?: string;
  /** Values of the fields that changed. */
  readonly before?: Values;
  readonly after?: Values;
  /** Which of them are personal: they are kept under the key of the person, or nowhere when there is none. */
  readonly personal?: readonly string[];
  /** Who did it, where the context does not know yet (a sign-in): `user:<id>`. */
  readonly actor?: string;
}
/** An event with who did it and from where, at its time. */
export interface AuditDraft extends AuditEvent {
  readonly id: string;
  readonly at: string;
  readonly actor: string;
  readonly actedBy?: string;
  readonly clientId?: string;
  readonly sessionId?: string;
  readonly correlationId?: string;
  readonly ip?: string;
  readonly userAgent?: string;
  /** Made of a change that nobody told of yet. */
  readonly automatic?: boolean;
}
const ACTION = /^[a-z][a-z-]*(\.[a-z][a-z-]*)+$/;
const USER = /^user:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
const MAX_NAME = 200;

/** The account that a principal is, if it is one. */
export const accountOf = (principal: string): string | null => USER.exec(principal)?.[1] ?? null;

export function draftOf(event: AuditEvent): AuditDraft {
  if (!ACTION.test(event.action) || event.action.length > 80)
    throw new Error(`audit: action ${event.action} is not in dotted lower case`);
  const context = currentContext();
  const { actedBy, clientId, sessionId, correlationId, ip, userAgent } = context ?? {};
  const actor = event.actor ?? context?.principal ?? 'system';
  const at = new Date().toISOString();
  return { actedBy, clientId, sessionId, correlationId, ip, userAgent, ...event, id: uuidv7(), at, actor };
}
const withoutUndefined = <T extends object>(values: T): T =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;

const drafts = new WeakMap<EntityManager, AuditDraft[]>();
/** What the transaction of this entity manager has to tell so far. */
export function draftsOf(em: EntityManager): AuditDraft[] {
  let found = drafts.get(em);
  if (!found) drafts.set(em, (found = []));
  return found;
}
/** The same, given away: nobody tells it twice. */
export function takeDrafts(em: EntityManager): AuditDraft[] {
  const taken = drafts.get(em) ?? [];
  drafts.delete(em);
  return taken;
}

/** The trail of who did what. */
@Injectable()
export class Audit {
  constructor(
    private readonly statements: Statements,
    private readonly keys: PersonKeys,
    private readonly signatures: AuditSignatures,
  ) {}

  /**
   * Tells it in the caller's transaction: it is in the trail when the transaction commits, and only then. All entries of a
   * transaction are written with one statement right before that. Of an audited entity that changes in the same
   * transaction, the entry gets what changed.
   */
  record(em: EntityManager, event: AuditEvent): void {
    if (!em.isInTransaction()) throw new Error('audit: record needs a transaction');
    const all = draftsOf(em);
    const changed = all.findIndex((d) => d.automatic && d.subject === event.subject && d.subjectId === event.subjectId);
    if (changed >= 0) all[changed] = { ...all[changed], ...withoutUndefined(event), automatic: false };
    else all.push(draftOf(event));
  }
  /**
   * Makes what is personal about somebody in the trail unreadable for good, and tells it. False when it was before. What the
   * service keeps of them elsewhere is the caller's to remove.
   */
  async erasePerson(em: EntityManager, personId: string): Promise<boolean> {
    const isErased = await this.keys.destroy(em, personId);
    if (isErased) this.record(em, { action: 'person.erase', subject: 'Person', subjectId: personId, personId });
    return isErased;
  }
  /** Writes drafts within a transaction. */
  async write(em: EntityManager, told: readonly AuditDraft[]): Promise<void> {
    if (told.length === 0) return;
    const people = told.flatMap((draft) => peopleOf(draft));
    const keys = await this.keys.provide(people, em);
    const entries = told.map((draft): StoredEntry => {
      const content = contentOfDraft(draft, keys);
      return { ...content, mac: this.signatures.sign(entryText(content)) };
    });
    await this.statements.run(insertEntries, entryValues(entries), em);
  }
}

const personOf = ({ personId, actor, personal }: AuditDraft): string | null =>
  personId?.toLowerCase() ?? (personal?.length ? accountOf(actor) : null);

function peopleOf(draft: AuditDraft): string[] {
  const sealed = draft.personal?.length ? personOf(draft) : null;
  return [sealed, originOwner(draft)].filter((id) => id !== null);
}
/** Whose key seals where it came from: that of the actor, or else of the account that it was tried on. */
const originOwner = (draft: AuditDraft): string | null =>
  draft.ip === undefined && draft.userAgent === undefined ? null : (accountOf(draft.actor) ?? personOf(draft));

function contentOfDraft(draft: AuditDraft, keys: Keys): Content {
  const { id, personal = [] } = draft;
  const personId = personOf(draft);
  const actorId = accountOf(draft.actor);
  const before = plainJson(draft.before) as Values | null;
  const after = plainJson(draft.after) as Values | null;
  const sealedFields = personal.filter((name) => (before && name in before) || (after && name in after)).sort();
  const secret = { before: only(before, sealedFields), after: only(after, sealedFields) };
  const key = personId === null ? undefined : keys.get(personId);
  return {
    id,
    at: draft.at,
    action: draft.action,
    outcome: draft.outcome ?? AuditOutcome.DONE,
    actor: name(draft.actor)!,
    actorId,
    actedBy: name(draft.actedBy),
    clientId: name(draft.clientId),
    sessionId: name(draft.sessionId),
    correlationId: name(draft.correlationId),
    subject: name(draft.subject),
    subjectId: name(draft.subjectId),
    personId,
    before: without(before, sealedFields),
    after: without(after, sealedFields),
    sealedFields,
    personal: key && sealedFields.length > 0 ? sealUnder(key, JSON.stringify(secret), personalBound(id)) : null,
    originOwner: originOwner(draft),
    origin: originText(draft, keys),
  };
}
export const personalBound = (id: string): string => `${id} personal`;
export const originBound = (id: string): string => `${id} origin`;

function originText(draft: AuditDraft, keys: Keys): string | null {
  const { id, ip, userAgent } = draft;
  if (ip === undefined && userAgent === undefined) return null;
  const owner = originOwner(draft);
  const text = JSON.stringify(plainJson({ ip, userAgent }));
  if (owner === null) return text;
  const key = keys.get(owner);
  return key ? sealUnder(key, text, originBound(id)) : null;
}
const name = (text: string | undefined): string | null =>
  text === undefined ? null : storable(text).slice(0, MAX_NAME).toWellFormed();

const without = (values: Values | null, names: readonly string[]): Values | null =>
  values && Object.fromEntries(Object.entries(values).filter(([field]) => !names.includes(field)));
const only = (values: Values | null, names: readonly string[]): Values | null =>
  values && Object.fromEntries(Object.entries(values).filter(([field]) => names.includes(field)));
