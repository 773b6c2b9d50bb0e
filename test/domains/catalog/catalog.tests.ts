import { defineDomainTests } from '#test/harness/domain-tests.js';
import { seedCatalogAccess } from './access-rows.js';
import { calls, paths } from './calls.js';
import { edits } from './edits.js';
import { expected } from './expected.js';
import { seedCatalog } from './lists.js';
import { statements } from './statements.js';
import { categoryCases, productCases } from './surfaces.js';
import { catalogWorld } from './world.js';

export const catalogTests = defineDomainTests({
  name: 'catalog',
  world: catalogWorld,
  surfaces: async (w) => ({ categories: categoryCases(w), products: await productCases(w) }),
  expected,
  matrix: {
    // Whoever may, orders.
    prepare: ({ app }) => app.database.sql('update products set stock = 100000'),
    calls,
    paths,
  },
  lists: seedCatalog,
  shortLists: ['categories by name', 'categories by createdAt'],
  access: { seed: seedCatalogAccess, subjects: { Product: null, Category: null } },
  edits,
  statements,
});
