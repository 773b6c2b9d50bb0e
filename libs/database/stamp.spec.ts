import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { TestDatabase } from '#libs/testing/database.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await TestDatabase.clone(inject('testDatabase'));
});
afterAll(() => database.drop());

it('a row is never changed before it was made, whatever the clock of the process says', async () => {
  const id = randomUUID();
  const look = async () => {
    const [row] = await database.sql<{ created_at: Date; updated_at: Date; version: number }>(
      'select created_at, updated_at, version from roles where id = $1',
      [id],
    );
    return row;
  };
  await database.sql(
    `insert into roles (id, name, description, created_at) values ($1, 'early', 'Made for tests', now() + interval '1 hour')`,
    [id],
  );
  const made = await look();
  expect(made.updated_at).toEqual(made.created_at);
  await database.sql(`update roles set description = 'Changed' where id = $1`, [id]);
  const changed = await look();
  expect(changed.updated_at).toEqual(changed.created_at);
  expect(changed.version).toBe(2);
});
