import type { TestDatabase } from '#libs/testing/database.js';
import { domains } from '#test/domains/domains.js';

const ofDomains = domains.flatMap((domain) => domain.access ?? []);
/** By subject, a filter on a field that may be hidden. */
export const filters = Object.assign({}, ...ofDomains.map((a) => a.subjects)) as (typeof ofDomains)[number]['subjects'];
export const subjects = Object.keys(filters);
/** Every row of every subject, deleted ones too, as the entities that services ask about. */
export type AccessRows = Record<string, { id: string; deletedAt?: Date | null }[]>;

export async function seedAccessRows(database: TestDatabase): Promise<void> {
  for (const { seed } of ofDomains) await seed(database);
}
