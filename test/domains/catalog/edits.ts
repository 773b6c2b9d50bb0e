import { patchOf, type Edited } from '#test/races/edits.js';
import type { CatalogWorld } from './world.js';

export const edits: Edited<CatalogWorld>[] = [
  {
    name: 'the name of a product',
    who: 'manager',
    field: 'name',
    prepare: async (world) => {
      const id = await world.makeProduct();
      return patchOf(`/v1/products/${id}`, 'name', 'Product', 'UpdateProductInput', id);
    },
  },
];
