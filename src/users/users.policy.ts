import { definePolicy } from '#libs/authz/policy.js';

const own = { id: '${actor.id}' };
const profile = ['displayName', 'locale', 'timeZone', 'preferences'];

export const userPolicy = definePolicy('users', {
  customer: [
    { action: 'read', subject: 'User', conditions: own },
    { action: 'read', subject: 'User', fields: ['suspensionReason'], inverted: true },
    { action: 'update', subject: 'User', conditions: own, fields: profile },
  ],
  support: [
    { action: 'read', subject: 'User' },
    { action: 'read', subject: 'User', fields: ['preferences'], inverted: true },
    { action: 'read', subject: 'User', conditions: own },
    { action: 'read', subject: 'User', fields: ['suspensionReason'], inverted: true, conditions: own },
    { action: 'update', subject: 'User', conditions: own, fields: profile },
  ],
  manager: [
    { action: 'read', subject: 'User' },
    { action: 'read', subject: 'User', fields: ['preferences'], inverted: true },
    { action: 'read', subject: 'User', conditions: own },
    { action: 'update', subject: 'User', conditions: own, fields: profile },
  ],
});
