import { definePolicy } from '#libs/authz/policy.js';
import type { Rule } from '#libs/authz/rules.js';

const own = { id: '${actor.id}' };
const updateProfile: Rule = {
  action: 'update',
  subject: 'User',
  conditions: own,
  fields: ['displayName', 'locale', 'timeZone', 'preferences'],
};
const staff: readonly Rule[] = [
  { action: 'read', subject: 'User' },
  { action: 'read', subject: 'User', fields: ['preferences'], inverted: true },
];
/** Suspending, reactivating and giving roles is for admins. */
export const userPolicy = definePolicy('users', {
  signedIn: [
    { action: 'read', subject: 'User', conditions: own },
    { action: 'read', subject: 'User', fields: ['suspensionReason'], inverted: true },
    updateProfile,
  ],
  support: staff,
  manager: staff,
});
