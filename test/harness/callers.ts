/** The callers of the tests. Ada owns what there is to own. */
export const callerNames = ['anonymous', 'ada', 'grace', 'support', 'manager', 'admin', 'suspended'] as const;
export type CallerName = (typeof callerNames)[number];
export type AccountName = Exclude<CallerName, 'anonymous'>;
export const accountNames = callerNames.filter((name): name is AccountName => name !== 'anonymous');
/** Those who see what belongs to others. */
export const staff: readonly CallerName[] = ['support', 'manager', 'admin'];
/** An id that no row has. */
export const nowhere = '0197f5a0-0000-7000-8000-000000000000';
