import { expect, it } from 'vitest';
import '#src/orders/orders.resource.js';
import { openDatabase } from '#test/queries/opened.js';
import { addTogether } from '#test/races/versions.js';

it('acknowledged writes are lost when MikroORM may batch updates', async () => {
  const opened = await openDatabase({ useBatchUpdates: true });
  const { acknowledged, stored } = await addTogether(opened);
  for (const { position } of stored) expect(position).toBeLessThan(acknowledged);
  await opened.close();
});
