import { Injectable } from '@nestjs/common';
import { expect, it } from 'vitest';
import { PersistedQueries, sha256 } from '#libs/graphql/persisted-queries.js';
import { startWorld } from '#test/harness/world.js';

@Injectable()
class TrustingQueries extends PersistedQueries {
  override isHashOf(): boolean {
    return true;
  }
}
it('without a look at the hash somebody gives a document the answer of another', async () => {
  const world = await startWorld({
    override: (builder) => builder.overrideProvider(PersistedQueries).useClass(TrustingQueries),
  });
  const extensions = { persistedQuery: { version: 1, sha256Hash: sha256('{ me { id } }') } };
  await world.clients.grace.post('/graphql', { query: '{ me { displayName } }', extensions });
  const { body } = await world.clients.ada.post('/graphql', { extensions });
  expect(body.data.me).not.toHaveProperty('id');
  await world.app.stop();
});
