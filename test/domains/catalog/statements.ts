import type { StatementRow } from '#test/harness/domain-tests.js';
import type { CatalogWorld } from './world.js';

export const statements: { rows: StatementRow<CatalogWorld>[] } = {
  rows: [{ name: 'a search', sent: 1, ask: ({ clients }) => clients.ada.get('/v1/products?q=thing') }],
};
