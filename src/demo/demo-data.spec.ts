import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '#libs/testing/database.js';
import { seedDemo } from './demo-data.js';
import { demoTables } from './demo-tables.js';

const now = new Date('2026-11-23T09:00:00Z');
let db: TestDatabase;
beforeAll(async () => {
  db = await TestDatabase.clone(inject('testDatabase'));
});
afterAll(() => db.drop());

describe('demo data in a database', () => {
  it('is written once by instances that start together, and never again', async () => {
    const filled = await Promise.all([1, 2, 3].map(() => seedDemo(db.servingUrl, now)));
    expect(filled.filter(Boolean)).toHaveLength(1);
    expect(await seedDemo(db.servingUrl, now)).toBe(false);
    for (const { name, rows } of demoTables(now)) {
      const [{ there }] = await db.sql(`select count(*)::int as there from ${name}`);
      expect([name, there]).toEqual([name, rows.length]);
    }
    expect(await db.sql('select id from users where version <> 1')).toEqual([]);
  });
});
