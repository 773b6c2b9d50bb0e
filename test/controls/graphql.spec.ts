import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { expect, it, vi } from 'vitest';
import { PersistedQueries, sha256 } from '#libs/graphql/persisted-queries.js';
import { manifestFormat, Safelist } from '#libs/graphql/safelist.js';
import { RoleLimits } from '#libs/graphql/role-limits.js';
import { startWorld } from '#test/harness/world.js';
import { limitsByRole, page } from '#test/wire/checks.js';

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
it('without a look at the safelist everything runs', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'safelist-'));
  const file = join(folder, 'list.json');
  const body = 'query Listed { me { id } }';
  const operations = [{ id: sha256(body), name: 'Listed', type: 'query', body }];
  writeFileSync(file, JSON.stringify({ format: manifestFormat, version: 1, operations }));
  const has = vi.spyOn(Safelist.prototype, 'has').mockReturnValue(true);
  const world = await startWorld({ env: { GRAPHQL_SAFELIST: file } });
  expect((await world.clients.ada.graphql('{ me { email } }')).code).toBeUndefined();
  has.mockRestore();
  expect((await world.clients.ada.graphql('{ me { email } }')).code).toBe('QUERY_NOT_LISTED');
  await world.app.stop();
  rmSync(folder, { recursive: true });
});
it('without a look at the roles a document is read that is too much for the caller', async () => {
  const world = await startWorld({ env: { GRAPHQL_LIMITS: limitsByRole } });
  const { ada } = world.clients;
  expect((await ada.graphql(page(40))).code).toBe('QUERY_TOO_COMPLEX');
  vi.spyOn(RoleLimits.prototype, 'of').mockImplementation(function (this: RoleLimits) {
    return this.most;
  });
  expect(await world.app.statements(() => ada.graphql(page(40)))).toBeGreaterThan(0);
  vi.restoreAllMocks();
  await world.app.stop();
});
