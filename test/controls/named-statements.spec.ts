import { Injectable } from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import { expect, it } from 'vitest';
import { currentContext } from '#libs/context/request-context.js';
import { Statements, type Row, type Statement } from '#libs/database/statements.js';
import { startWorld } from '#test/harness/world.js';
import { nameStatements } from '#test/queries/named-statements.js';

/** Has a name of its own for each account, as if rights were no values of a statement but its text. */
@Injectable()
class NamesByAccount extends Statements {
  override run(statement: Statement, values: readonly unknown[], em?: EntityManager): Promise<Row[]> {
    const account = currentContext()?.principal.replace('user:', '');
    const name = statement.name && account && `${statement.name}-${account}`;
    return super.run({ ...statement, name }, values, em);
  }
}
it('names that hold the account grow with the accounts that ask', { timeout: 60_000 }, async () => {
  const world = await startWorld({
    override: (builder) => builder.overrideProvider(Statements).useClass(NamesByAccount),
  });
  const { few, all } = await nameStatements(world, 10, 30);
  expect(all.names.length).toBeGreaterThan(few.names.length * 2);
  expect(all.prepared).toBeGreaterThan(few.prepared * 2);
  await world.app.stop();
});
