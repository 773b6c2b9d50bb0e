import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { afterEach, expect, it } from 'vitest';
import { AuditSignatures, type Signature } from '#libs/audit/audit-seals.js';
import { PersonKeys } from '#libs/audit/person-keys.js';
import { AuditSealer } from '#libs/audit/sealer.js';
import { Database } from '#libs/database/database.js';
import { auditTests } from '#test/domains/audit/audit.tests.js';
import { erasure, forge, testSecrets, verify } from '#test/domains/audit/checks.js';
import type { AuditWorld } from '#test/domains/audit/world.js';
import { startWorldOf } from '#test/harness/world.js';

let w: AuditWorld;
afterEach(() => w.app.stop());

it('a chain of hashes that nobody signed is made anew by whoever may write it', async () => {
  class Unsigned extends AuditSignatures {
    override check(): Signature {
      return 'valid';
    }
  }
  w = await startWorldOf(auditTests);
  await w.app.app.get(AuditSealer).seal();
  await forge(w, 1, w.entries.byAdmin.id);
  expect((await verify(w, {}, testSecrets, new Unsigned(testSecrets))).problem).toBeUndefined();
  expect((await verify(w)).problem).toBeDefined();
});

it('a person whose key is kept is not erased', async () => {
  const erased = new Set<string>();
  @Injectable()
  class KeptKeys extends PersonKeys {
    override async destroy(_em: EntityManager, personId: string): Promise<boolean> {
      return !erased.has(personId) && erased.add(personId).has(personId);
    }
  }
  w = await startWorldOf(auditTests, { override: (b) => b.overrideProvider(PersonKeys).useClass(KeptKeys) });
  expect((await erasure(w)).texts).toContain('Chargeback 4711');
});

it('a table that migrations grant like any other is changed by the serving role', async () => {
  w = await startWorldOf(auditTests);
  const { username } = new URL(w.app.database.servingUrl);
  await w.app.database.sql(`grant update on audit_entries to ${username}`);
  await w.app.database.sql('drop trigger insert_only on audit_entries');
  await w.app.app.get(Database).transaction((em) => em.execute(`update audit_entries set actor = 'nobody'`));
  expect(await w.app.database.sql(`select from audit_entries where actor <> 'nobody'`)).toEqual([]);
});
