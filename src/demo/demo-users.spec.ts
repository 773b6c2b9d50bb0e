import { describe, expect, it } from 'vitest';
import { makeUsers } from './demo-users.js';

describe('demo users', () => {
  const now = new Date('2028-02-29T12:00:00Z');
  const users = makeUsers(now);
  it('are the same at the same moment, 25 of them', () => {
    expect(makeUsers(now)).toEqual(users);
    expect(users).toHaveLength(25);
    expect(new Set(users.flatMap((u) => [u.id, u.email])).size).toBe(50);
  });
  it('are in every role, and one is suspended', () => {
    for (const role of ['customer', 'support', 'manager', 'admin'])
      expect(users.some((u) => u.roles.includes(role))).toBe(true);
    expect(users.filter((u) => u.status === 'SUSPENDED')).toHaveLength(1);
  });
  it.each(['admin', 'manager', 'support', 'ada', 'grace'])('know %s, whom the documentation names', (name) => {
    expect(users.map((u) => u.email)).toContain(`${name}@tandem.example`);
  });
});
