import { expect, it } from 'vitest';
import { passwordProblem } from '#src/identity/passwords/password-rules.js';
import { PasswordHashes } from '#src/identity/passwords/password-hashes.js';
import { demoPassword, passwordTables } from './demo-passwords.js';
import { makeUsers } from './demo-users.js';

it('the demo accounts have the password that is told, and it keeps the rules', async () => {
  const users = makeUsers(new Date('2026-11-23T09:00:00Z'));
  const [{ rows }] = passwordTables(new Date(), users);
  expect(rows).toHaveLength(users.filter(({ email }) => email.endsWith('@tandem.example')).length);
  const hashes = new PasswordHashes();
  const { hash } = rows[0] as { hash: string };
  expect(await hashes.isPasswordOf(hash, demoPassword)).toBe(true);
  expect(hashes.isOutdated(hash)).toBe(false);
  expect(passwordProblem(demoPassword, ['ada@tandem.example'])).toBeUndefined();
});
