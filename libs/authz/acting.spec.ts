import { beforeAll, describe, expect, it } from 'vitest';
import { definePolicy } from './policy.js';
import { Roles } from './roles.js';

const own = { ownerId: '${actor.id}' };
const roles = new Roles();
const as = (id: string, ...names: string[]) => roles.actor(id, names);
const support = () => as('0197f5a0-0000-7000-8000-000000000001', 'support');
const other = '0197f5a0-0000-7000-8000-000000000002';

beforeAll(() => {
  definePolicy('acting-spec', {
    anonymous: [{ action: 'read', subject: 'Offer' }],
    signedIn: [
      { action: 'read', subject: 'Manual' },
      { action: 'read', subject: 'Draft', conditions: own },
    ],
    customer: [{ action: ['read', 'delete'], subject: 'Ticket', conditions: own }],
    support: [
      { action: 'actAs', subject: 'User' },
      { action: 'read', subject: 'Ticket' },
    ],
    manager: [{ action: 'update', subject: 'Ticket' }],
  });
  roles.replace(new Map([['auditor', [{ action: 'read', subject: 'Ticket' }]]]));
});

describe('support acts as accounts', () => {
  it.each([
    ['without a role: every account reads the manuals', []],
    ['that read rows of their own', ['customer']],
    ['that only write more', ['customer', 'manager']],
  ])('%s', (_name, names) => expect(support().mayActAs(as(other, ...names))).toBe(true));
  it.each([
    ['that read what is of others', ['auditor']],
    ['of the staff', ['support']],
    ['of admins', ['admin']],
  ])('but not %s', (_name, names) => expect(support().mayActAs(as(other, ...names))).toBe(false));
  it('but not somebody without the right', () => {
    expect(as(other, 'customer').mayActAs(support())).toBe(false);
  });
});
