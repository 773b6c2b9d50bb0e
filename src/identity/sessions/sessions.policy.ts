import { definePolicy } from '#libs/authz/policy.js';

/**
 * Everybody signed in sees and ends their own sessions. Support sees those of others, but not from where they are used;
 * to end them is for admins, and for roles that admins give the right to.
 */
export const sessionPolicy = definePolicy('sessions', {
  signedIn: [{ action: ['read', 'end'], subject: 'Session', conditions: { userId: '${actor.id}' } }],
  support: [
    { action: 'read', subject: 'Session' },
    { action: 'read', subject: 'Session', fields: ['ip'], inverted: true },
  ],
});
