import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Roles } from '#libs/authz/roles.js';
import { Database } from '#libs/database/database.js';
import type { FilterInput, ListInput } from '#libs/database/list.js';
import { Reads } from '#libs/database/reads.js';
import { selectionOf } from '#libs/database/selection.js';
import { Statements } from '#libs/database/statements.js';
import { users } from '#src/users/users.resource.js';
import { domains } from '#test/domains/domains.js';
import { startWorld, type World } from '#test/harness/world.js';
import { knowCallers, quiet, statementsOf } from './counted.js';

let world: World;
beforeAll(async () => {
  world = await startWorld(quiet);
  for (const domain of domains) await domain.statements?.prepare?.(world);
  await knowCallers(world);
});
afterAll(() => world.app.stop());

const counted = domains.flatMap(({ name, statements }) => (statements ? [{ name, rows: statements.rows }] : []));
describe.each(counted)('statements of $name', ({ rows }) => {
  it.each(rows)('$name: $sent', async (row) => {
    expect(await statementsOf(world, row)).toBe(row.sent);
  });
});

describe('named statements', () => {
  it('are bounded, whatever clients ask', { timeout: 60_000 }, async () => {
    const reads = world.app.app.get(Reads);
    const statements = world.app.app.get(Statements);
    const actor = new Roles().actor(world.ids.admin, ['admin']);
    const all = users.ownFields();
    const filters: FilterInput[] = [
      { status: { ne: 'SUSPENDED' } },
      { createdAt: { gte: '2026-01-01T00:00:00Z', lt: '2099-01-01T00:00:00Z' } },
      {},
    ];
    const shapes = Array.from({ length: 1000 }, (_, shape): ListInput => {
      const fields = all.filter((_field, bit) => (shape + 1) & (1 << bit));
      return { selection: selectionOf(users, fields.length ? fields : ['id']), filter: filters[shape % 3], limit: 1 };
    });
    for (const input of shapes) for (let i = 0; i < 3; i++) await reads.list(users, actor, input);
    expect(reads.size.named).toBe(300);
    expect(reads.size.plans).toBeLessThanOrEqual(2000);
    const count = { text: 'select count(*)::int from pg_prepared_statements' };
    const counts = await Promise.all(Array.from({ length: 30 }, () => statements.run(count, [])));
    expect(Math.max(...counts.map(([[n]]) => n as number))).toBeGreaterThan(0);
    for (const [[n]] of counts) expect(n).toBeLessThan(350);
  });
  it('are prepared on the connection of a transaction, and used there again', async () => {
    const { app } = world.app;
    const reads = new Reads(app.get(Statements));
    const actor = new Roles().actor(world.ids.ada, ['customer']);
    const ask = { selection: selectionOf(users, ['id', 'locale']) };
    const prepared = await app.get(Database).transaction(async (em) => {
      for (let i = 0; i < 4; i++) await reads.document(users, actor, world.ids.ada, ask, em);
      return app.get(Statements).run(
        {
          text: `select name, generic_plans + custom_plans from pg_prepared_statements where statement like 'SELECT t0.%locale%' and statement not like '%ORDER BY%' and statement not like '%email%'`,
        },
        [],
        em,
      );
    });
    expect(prepared).toEqual([[expect.stringMatching(/^r[\w-]{20}$/), 3]]);
  });
  it('are not named where a pooler could not keep them', async () => {
    const { app } = world.app;
    const statements = app.get(Statements);
    statements.named = false;
    const names = await app.get(Database).transaction(async (em) => {
      await statements.run({ name: 'pooled', text: 'select 1' }, [], em);
      return statements.run({ text: `select name from pg_prepared_statements where name = 'pooled'` }, [], em);
    });
    statements.named = true;
    expect(names).toEqual([]);
  });
});
