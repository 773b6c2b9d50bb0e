export const subjects = ['Order', 'User', 'Product', 'Category'] as const;
export type Subject = (typeof subjects)[number];
/** Every row of every subject, deleted ones too, as the entities that services ask about. */
export type AccessRows = Record<Subject, { id: string; deletedAt?: Date | null }[]>;
