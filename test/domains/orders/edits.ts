import { patchOf, type Edited } from '#test/races/edits.js';
import type { OrdersWorld } from './world.js';

export const edits: Edited<OrdersWorld>[] = [
  {
    name: 'the note of a draft',
    who: 'ada',
    field: 'note',
    prepare: async (world) => {
      const id = await world.makeOrder('DRAFT');
      return patchOf(`/v1/orders/${id}`, 'note', 'Order', 'UpdateOrderInput', id);
    },
  },
];
