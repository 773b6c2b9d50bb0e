/** The callers of the tests. Ada owns what there is to own. */
export const callerNames = ['anonymous', 'ada', 'grace', 'support', 'manager', 'admin', 'suspended'] as const;
export type CallerName = (typeof callerNames)[number];
export type AccountName = Exclude<CallerName, 'anonymous'>;
export const accountNames = callerNames.filter((name): name is AccountName => name !== 'anonymous');
/** Those who see what belongs to others. */
export const staff: readonly CallerName[] = ['support', 'manager', 'admin'];
/** An id that no row has. */
export const nowhere = '0197f5a0-0000-7000-8000-000000000000';
/** Callers by tokens that stand for something else than all that an account may, and whose token it is (test/matrix/expectations.ts). */
export const accountsOfTokens = {
  reading: 'admin',
  unscoped: 'admin',
  acting: 'ada',
  service: 'support',
  external: 'support',
} as const;
export type TokenCaller = keyof typeof accountsOfTokens;
export const accountOf = (caller: CallerName | TokenCaller): CallerName =>
  caller in accountsOfTokens ? accountsOfTokens[caller as TokenCaller] : (caller as CallerName);
