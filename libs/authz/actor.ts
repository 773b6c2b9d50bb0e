import type { MongoAbility } from '@casl/ability';
import { AppError } from '#libs/errors/app-error.js';
import { commonErrors } from '#libs/errors/common-errors.js';
import type { Access, Rights } from '#libs/database/access.js';
import { ActorValue } from '#libs/database/conditions.js';
import type { Resource } from '#libs/database/resource.js';
import type { Locale } from '#libs/messages/messages.js';
import type { RoleSet } from './role-set.js';
import { resourceOfRow } from './rules.js';

/** Who acts, and what they may do. Made once for an account and kept until its roles or their rules change. */
export class Actor implements Access {
  private abilities?: MongoAbility[];

  constructor(
    /** Null for anonymous. */
    readonly id: string | null,
    readonly roles: readonly string[],
    private readonly roleSet: RoleSet,
    /** Language of the account; anonymous has none. */
    readonly locale?: Locale,
  ) {}

  /** As it stands in logs and histories: `user:<id>` or `anonymous`. */
  get principal(): string {
    return this.id === null ? 'anonymous' : `user:${this.id}`;
  }
  get isAnonymous(): boolean {
    return this.id === null;
  }
  rights(resource: Resource): Rights {
    return this.roleSet.rights(resource);
  }
  value(value: unknown): unknown {
    if (value instanceof ActorValue) return this.own(value.property);
    return Array.isArray(value) ? value.map((v) => this.value(v)) : value;
  }
  /** Whether there is a row on which the action is allowed. */
  mayEver(action: string, subject: string): boolean {
    return this.roleSet.mayEver(action, subject);
  }
  /** Whether the action is allowed on this row (an entity), or on this field of it. Who may read its id may read a row. */
  can(action: string, row: object, field = action === 'read' ? 'id' : undefined): boolean {
    if (!this.mayKnow(row)) return false;
    this.abilities ??= this.roleSet.abilitiesOf((property) => this.own(property));
    return this.abilities.some((ability) => ability.can(action, row as never, field));
  }
  /** FORBIDDEN, or UNAUTHENTICATED where signing in could help, unless the action is allowed on the row. */
  require(action: string, row: object): void {
    if (!this.can(action, row)) throw this.refusal();
  }
  /** FIELD_FORBIDDEN for the first field of the input that may not be used in this action on this row. */
  requireFields(action: string, row: object, input: object): void {
    this.require(action, row);
    for (const [field, value] of Object.entries(input))
      if (value !== undefined && !this.can(action, row, field))
        throw new AppError(commonErrors.FIELD_FORBIDDEN, { params: { field } });
  }
  refusal(): AppError {
    return new AppError(this.isAnonymous ? commonErrors.UNAUTHENTICATED : commonErrors.FORBIDDEN);
  }
  /** The id of a signed-in account; UNAUTHENTICATED for anybody else. */
  requireId(): string {
    if (this.id === null) throw new AppError(commonErrors.UNAUTHENTICATED);
    return this.id;
  }
  /** Whether the row is not personal, or the actor's own. */
  private mayKnow(row: object): boolean {
    const { personal } = resourceOfRow(row).definition;
    return personal === undefined || (row as Record<string, unknown>)[personal] === this.id;
  }
  private own(property: string): unknown {
    // Anonymous owns nothing: no uuid column equals the nil UUID.
    if (property === 'id') return this.id ?? '00000000-0000-0000-0000-000000000000';
    throw new Error(`actors have no ${property}`);
  }
}
