import type { MongoAbility } from '@casl/ability';
import { AppError } from '#libs/errors/app-error.js';
import { commonErrors } from '#libs/errors/common-errors.js';
import type { Access, Rights } from '#libs/database/access.js';
import { ActorValue } from '#libs/database/conditions.js';
import type { Resource } from '#libs/database/resource.js';
import type { Locale } from '#libs/messages/messages.js';
import { excessOf, type Excess, type RulesByRole } from './containment.js';
import type { RoleSet } from './role-set.js';
import { resourceOfRow } from './rules.js';
import { scopeFor, Scopes } from './scopes.js';

/** Somebody with an account, a service that acts in its own name, or nobody that is known. */
export type Principal =
  | { readonly kind: 'user'; readonly id: string }
  | { readonly kind: 'client'; readonly clientId: string }
  | { readonly kind: 'anonymous' };

/** What somebody holds: all of it, what everybody has of it, and every account. Rights are kept by these, whatever a token narrows. */
export interface HeldRoles {
  readonly names: readonly string[];
  readonly all: RoleSet;
  readonly everybodys: RoleSet;
  readonly everyAccounts: RoleSet;
}

/**
 * Who acts, and what they may do. Made once for an account and the scopes of a token, and kept until its roles or their
 * rules change. Beyond a token's scopes an actor may do what everybody may.
 */
export class Actor implements Access {
  private abilities?: MongoAbility[];
  private everybodysAbilities?: MongoAbility[];
  /** Account id; null for whoever has no account. */
  readonly id: string | null;

  constructor(
    private readonly who: Principal,
    private readonly held: HeldRoles,
    /** Language of the account; who has no account has none. */
    readonly locale?: Locale,
    private readonly scopes: Scopes = Scopes.all,
    /** Account id of whoever acts as this account (RFC 8693 `act`): they read and change nothing. */
    readonly actedBy?: string,
  ) {
    this.id = who.kind === 'user' ? who.id : null;
  }

  /** The same account as a token lets it act. */
  within(scopes: Scopes, actedBy?: string): Actor {
    return new Actor(this.who, this.held, this.locale, scopes, actedBy);
  }
  get roles(): readonly string[] {
    return this.held.names;
  }
  /** As it stands in logs and histories: `user:<id>`, `client:<id>` or `anonymous`. */
  get principal(): string {
    if (this.who.kind === 'user') return `user:${this.who.id}`;
    return this.who.kind === 'client' ? `client:${this.who.clientId}` : 'anonymous';
  }
  get isAnonymous(): boolean {
    return this.who.kind === 'anonymous';
  }
  /** The scopes of the token, as its claim `scope`. */
  get scope(): string {
    return this.scopes.claim;
  }
  get isReadOnly(): boolean {
    return this.actedBy !== undefined;
  }
  /**
   * Whether this account may act as that one: by the right, and only while that reads nothing but its own rows beside what
   * every account reads. So nobody sees more of others through somebody else's eyes, and nobody acts as staff.
   */
  mayActAs(other: Actor): boolean {
    if (this.id === null || this.isReadOnly || other.id === null || other.id === this.id) return false;
    return this.mayEver('actAs', 'User') && other.held.all.readsOnlyOwn(other.held.everyAccounts);
  }
  rights(resource: Resource): Rights {
    const { subject } = resource.definition;
    const isLet = subject === undefined || this.scopes.allow('read', subject);
    return (isLet ? this.held.all : this.held.everybodys).rights(resource);
  }
  value(value: unknown): unknown {
    if (value instanceof ActorValue) return this.own(value.property);
    return Array.isArray(value) ? value.map((v) => this.value(v)) : value;
  }
  /** Whether there is a row on which the action is allowed. */
  mayEver(action: string, subject: string): boolean {
    if (this.isReadOnly && action !== 'read') return false;
    return (this.scopes.allow(action, subject) ? this.held.all : this.held.everybodys).mayEver(action, subject);
  }
  /** Whether the action is allowed on this row (an entity), or on this field of it. Who may read its id may read a row. */
  can(action: string, row: object, field = action === 'read' ? 'id' : undefined): boolean {
    if (!this.mayKnow(row)) return false;
    if (this.isReadOnly && action !== 'read') return false;
    return this.abilitiesFor(action, row).some((ability) => ability.can(action, row as never, field));
  }
  /** FORBIDDEN, or what would have to be different, unless the action is allowed on the row. */
  require(action: string, row: object): void {
    if (!this.can(action, row)) throw this.refusal(action, subjectOf(row));
  }
  /** FIELD_FORBIDDEN for the first field of the input that may not be used in this action on this row. */
  requireFields(action: string, row: object, input: object): void {
    this.require(action, row);
    for (const [field, value] of Object.entries(input))
      if (value !== undefined && !this.can(action, row, field))
        throw new AppError(commonErrors.FIELD_FORBIDDEN, { params: { field } });
  }
  /**
   * The error for who may not do this: UNAUTHENTICATED where signing in could help, INSUFFICIENT_SCOPE where a token with
   * more scopes could, ACTING_IS_READ_ONLY for whoever acts as somebody else, FORBIDDEN for all others.
   */
  refusal(action?: string, subject?: string): AppError {
    if (this.isAnonymous) return new AppError(commonErrors.UNAUTHENTICATED);
    if (this.isReadOnly && action !== undefined && action !== 'read')
      return new AppError(commonErrors.ACTING_IS_READ_ONLY);
    if (action !== undefined && subject !== undefined && this.held.all.mayEver(action, subject))
      if (!this.scopes.allow(action, subject)) return insufficientScope(action, subject);
    return new AppError(commonErrors.FORBIDDEN);
  }
  /** INSUFFICIENT_SCOPE unless the token lets the account do this, were it allowed to. */
  requireScope(action: string, subject: string): void {
    if (!this.scopes.allow(action, subject)) throw insufficientScope(action, subject);
  }
  /** The id of a signed-in account; UNAUTHENTICATED for nobody, ACCOUNT_REQUIRED for a service. */
  requireId(): string {
    if (this.id !== null) return this.id;
    throw new AppError(this.isAnonymous ? commonErrors.UNAUTHENTICATED : commonErrors.ACCOUNT_REQUIRED);
  }
  /** Rules by role, what everybody has first. */
  get rulesByRole(): RulesByRole {
    return this.held.all.rules;
  }
  /**
   * Those of the granted rules by which somebody would get what the actor does not have, as its token lets it act.
   * `beside` is what they have already, or what the rules replace.
   */
  excess(granted: RulesByRole, beside: RulesByRole = []): Excess[] {
    const isLet = ({ role, rule }: Excess): boolean => {
      const { action, subject } = granted[role][rule];
      return !this.isReadOnly && [action].flat().every((a) => this.scopes.allow(a, subject));
    };
    const beyond = excessOf(this.held.all.rules, granted, beside);
    return excessOf([], granted, beside).filter(
      (added) => !isLet(added) || beyond.some((b) => b.role === added.role && b.rule === added.rule),
    );
  }
  private abilitiesFor(action: string, row: object): MongoAbility[] {
    const own = (property: string) => this.own(property);
    if (this.scopes.isFull || this.scopes.allow(action, subjectOf(row)))
      return (this.abilities ??= this.held.all.abilitiesOf(own));
    return (this.everybodysAbilities ??= this.held.everybodys.abilitiesOf(own));
  }
  /** Whether the row is not personal, or the actor's own. */
  private mayKnow(row: object): boolean {
    const { personal } = resourceOfRow(row).definition;
    return personal === undefined || (row as Record<string, unknown>)[personal] === this.id;
  }
  private own(property: string): unknown {
    // Who has no account owns nothing: no uuid column equals the nil UUID.
    if (property === 'id') return this.id ?? '00000000-0000-0000-0000-000000000000';
    throw new Error(`actors have no ${property}`);
  }
}
const subjectOf = (row: object): string => resourceOfRow(row).definition.subject!;
const insufficientScope = (action: string, subject: string) =>
  new AppError(commonErrors.INSUFFICIENT_SCOPE, { params: { scope: scopeFor(action, subject) } });
