import { Injectable } from '@nestjs/common';
import { PersonKeys } from '#libs/audit/person-keys.js';
import { Sealed } from '#libs/audit/sealed.js';
import type { Actor } from '#libs/authz/actor.js';
import type { Document, Listing } from '#libs/database/answers.js';
import type { Item } from '#libs/database/item.js';
import type { Ask, ListInput } from '#libs/database/list.js';
import { Reads } from '#libs/database/reads.js';
import { AppError } from '#libs/errors/app-error.js';
import { auditErrors } from './audit.errors.js';
import { auditEntries } from './audit.resource.js';

@Injectable()
export class AuditService {
  constructor(
    private readonly reads: Reads,
    private readonly keys: PersonKeys,
  ) {}

  async list(actor: Actor, input: ListInput): Promise<Listing> {
    const listing = await this.reads.list(auditEntries, actor, input);
    await this.open(listing.page.items);
    return listing;
  }
  async get(actor: Actor, id: string, ask: Ask): Promise<Document> {
    const found = await this.reads.document(auditEntries, actor, id, ask);
    if (!found) throw new AppError(auditErrors.AUDIT_ENTRY_NOT_FOUND);
    await this.open([found.item]);
    return found;
  }
  /** Puts what is sealed in its place, with one statement for the keys of all people in it. */
  private async open(items: readonly Item[]): Promise<void> {
    const sealed = items.flatMap((item) => Object.values(item).filter((value) => value instanceof Sealed));
    const people = new Set(sealed.map(({ person }) => person).filter((person) => person !== null));
    const keys = await this.keys.find([...people]);
    for (const item of items)
      for (const [name, value] of Object.entries(item)) if (value instanceof Sealed) item[name] = value.open(keys);
  }
}
