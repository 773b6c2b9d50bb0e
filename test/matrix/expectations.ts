/**
 * In what words domains say who may do what (`expected.ts` in the folder of each). This file imports nothing, and those
 * import nothing but this one: nothing that is wrong in the product can make them wrong in the same way.
 *
 * ok      it is done                          login   UNAUTHENTICATED: signing in could help
 * 0, 1, 2 it is done, and finds so many rows  locked  ACCOUNT_SUSPENDED: the account is suspended
 * no      FORBIDDEN                           gone    …_NOT_FOUND: absent or invisible, nobody can tell which
 * field   FIELD_FORBIDDEN                     scope   INSUFFICIENT_SCOPE: another token of the account could
 * account ACCOUNT_REQUIRED: not for services   acting  ACTING_IS_READ_ONLY: whoever acts as somebody changes nothing
 */
export const callers = ['anonymous', 'ada', 'grace', 'support', 'manager', 'admin', 'suspended'] as const;
/**
 * Callers whose token stands for something else than all that an account may:
 * reading   an admin whose token has the scope to read everything, and to change nothing
 * unscoped  an admin whose token has no scope of the API
 * acting    support that acts as Ada
 * service   a service that acts in its own name, with the role of support
 * external  a customer whose token another issuer has signed, which gives them the role of support
 */
export const tokenCallers = ['reading', 'unscoped', 'acting', 'service', 'external'] as const;
export type Caller = (typeof callers)[number];
export type TokenCaller = (typeof tokenCallers)[number];
export type AnyCaller = Caller | TokenCaller;
export type Outcome = string;
export interface Row {
  readonly operation: string;
  readonly situation: string;
  readonly outcomes: Readonly<Record<Caller, Outcome> & Partial<Record<TokenCaller, Outcome>>>;
}
export interface Expected {
  /** By operation, through REST and as a root field of GraphQL. What there is to own belongs to Ada. */
  readonly operations: readonly Row[];
  /** Through paths of GraphQL: how many rows there are at the end of the path, or the error of its root. */
  readonly nested?: readonly Row[];
  /**
   * Fields that can be hidden, by whose row it is. shown: it is there. never: it is in no row that the caller sees, so
   * that lists cannot be filtered by it either. hidden: it is in other rows than this, so a filter by it must not find
   * this one. –: the caller does not see the row. Nobody sorts by any of them.
   */
  readonly fields?: readonly Row[];
  /** The fields that commands take. Whatever else is sent is refused, whoever sends it, and changes nothing. */
  readonly inputs: Readonly<Record<string, readonly string[]>>;
  /** What somebody might try to slip into any command. */
  readonly temptations?: readonly string[];
  /**
   * Where a service with the role of support fares otherwise than somebody of support, who has an account and is a customer
   * too: by operation, path or field, for all its situations, or by one of them as `operation, situation`.
   */
  readonly service?: Readonly<Record<string, Outcome>>;
  /** The same for somebody with the role of support by a token of another issuer, who owns nothing. */
  readonly external?: Readonly<Record<string, Outcome>>;
  /** Words of its own for errors: code by word. */
  readonly refusals?: Readonly<Record<Outcome, string>>;
}
/** What somebody might try to slip in, whatever the domain. */
export const temptations = `id version etag xid createdAt updatedAt deletedAt createdBy ownerId userId actorId
  actor role roles permissions isAdmin constructor`.split(/\s+/);

/** A table: its head names the callers, each further line is a row. */
export function rows(table: string): Row[] {
  const [head, ...body] = table
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => line.split('|').map((cell) => cell.trim()));
  return body.map((cells) => ({
    operation: cells[0],
    situation: cells[1],
    outcomes: Object.fromEntries(head.slice(2).map((caller, i) => [caller, cells[i + 2]])) as Row['outcomes'],
  }));
}

/** What follows for the callers by token from what is said of the others. Paths in the answer of a change are changes. */
export function withTokenCallers(expected: Expected, row: Row): Row {
  const { operation, situation, outcomes } = row;
  const changes = operation in expected.inputs || situation.startsWith('in the answer of');
  const { service = {}, external = {} } = expected;
  const { anonymous, ada, support, admin } = outcomes;
  return {
    ...row,
    outcomes: {
      ...outcomes,
      reading: changes ? 'scope' : admin,
      unscoped: anonymous === 'login' ? 'scope' : anonymous,
      acting: changes ? 'acting' : ada,
      service: service[`${operation}, ${situation}`] ?? service[operation] ?? support,
      external: external[`${operation}, ${situation}`] ?? external[operation] ?? support,
    },
  };
}
