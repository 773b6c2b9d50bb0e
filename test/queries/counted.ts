import { Injectable } from '@nestjs/common';
import { getStorageToken } from '@nestjs/throttler';
import { expect } from 'vitest';
import { AccessSource } from '#libs/authn/access-state.js';
import { MemoryBudgets } from '#libs/limits/budget-storage.js';
import { DatabaseAccessSource } from '#src/access/access-source.js';
import type { StatementRow } from '#test/harness/domain-tests.js';
import type { TestAppOptions } from '#test/harness/test-app.js';
import type { World } from '#test/harness/world.js';

/** Tells of no change after the first look, so that no account has to be read again while statements are counted. */
@Injectable()
class QuietSource extends DatabaseAccessSource {
  override async changes(position: string | undefined) {
    return position === undefined
      ? super.changes(position)
      : { position, accounts: [], clients: [], roles: false, endedSessions: [] };
  }
}
/** Options of a world in which nothing but the requests at hand sends statements. */
export const quiet: TestAppOptions = {
  override: (builder) =>
    builder
      .overrideProvider(AccessSource)
      .useClass(QuietSource)
      // A budget is leased when its minute is over, by whichever request comes then.
      .overrideProvider(getStorageToken())
      .useFactory({ factory: () => new MemoryBudgets() }),
};
/** Accounts are remembered from here on. */
export async function knowCallers(world: World): Promise<void> {
  for (const client of Object.values(world.clients)) await client.get('/v1/users/me');
}
/** How many statements the request of this row sends; with 0 expected, it has to be refused, and otherwise to be done. */
export async function statementsOf<W extends World>(world: W, { ask, sent }: StatementRow<W>): Promise<number> {
  return world.app.statements(async () => {
    const { status, errors = [] } = await ask(world);
    const isDone = status < 300 && errors.length === 0;
    expect({ status, errors, isDone }).toMatchObject({ isDone: sent > 0 });
  });
}
