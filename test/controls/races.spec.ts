import { Injectable } from '@nestjs/common';
import { describe, expect, it, vi } from 'vitest';
import { AccessSource, AccessState } from '#libs/authn/access-state.js';
import { TokenStrategy } from '#libs/authn/token.strategy.js';
import type { Actor } from '#libs/authz/actor.js';
import * as precondition from '#libs/database/precondition.js';
import { DatabaseAccessSource } from '#src/access/access-source.js';
import { edits } from '#test/domains/users/edits.js';
import { startWorld } from '#test/harness/world.js';
import { openDatabase } from '#test/queries/opened.js';
import { confusions } from '#test/races/callers.js';
import { raceOfEdits } from '#test/races/edits.js';
import { addTogether } from '#test/races/versions.js';

const timeout = 60_000;

it('acknowledged writes are lost when MikroORM may batch updates', { timeout }, async () => {
  const opened = await openDatabase({ useBatchUpdates: true });
  const { acknowledged, stored } = await addTogether(opened);
  for (const { count } of stored) expect(count).toBeLessThan(acknowledged);
  await opened.close();
});

it('edits overwrite each other when nobody compares versions', { timeout }, async () => {
  const world = await startWorld();
  const sabotage = vi.spyOn(precondition, 'requireMatch').mockReturnValue(undefined);
  const { told, versions } = await raceOfEdits(world, 'REST', edits[0]);
  sabotage.mockRestore();
  expect([told, versions]).toEqual([{ OK: 50 }, 50]);
  await world.app.stop();
});

describe('callers', () => {
  let latest: Actor;
  /** Keeps the caller where the next request puts its own. */
  @Injectable()
  class SharedStrategy extends TokenStrategy {
    override async validate(request: Parameters<TokenStrategy['validate']>[0]): Promise<Actor> {
      latest = await super.validate(request);
      // Long enough for others to come in between, on a busy machine too.
      await new Promise((resolve) => setTimeout(resolve, 20));
      return latest;
    }
  }
  it('are taken for each other when the strategy is shared between requests', { timeout }, async () => {
    const world = await startWorld({
      override: (builder) => builder.overrideProvider(TokenStrategy).useClass(SharedStrategy),
    });
    expect(await confusions(world)).not.toEqual([]);
    await world.app.stop();
  });
});

describe('a suspension', () => {
  /** Never hears of changes. */
  @Injectable()
  class DeafSource extends DatabaseAccessSource {
    override async changes(position: string | undefined) {
      return { ...(await super.changes(position)), accounts: [], roles: position === undefined, endedSessions: [] };
    }
  }
  it('is not noticed when changes are not asked for', { timeout }, async () => {
    const world = await startWorld({
      override: (builder) => builder.overrideProvider(AccessSource).useClass(DeafSource),
    });
    const id = await world.makeUser();
    const client = await world.app.as('somebody', id);
    expect((await client.get('/v1/users/me')).status).toBe(200);
    await world.app.database.sql(`update users set status = 'SUSPENDED' where id = $1`, [id]);
    for (let i = 0; i < 3; i++) await world.app.app.get(AccessState).refresh();
    expect((await client.get('/v1/users/me')).status).toBe(200);
    await world.app.stop();
  });
});
