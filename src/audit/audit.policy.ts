import { definePolicy } from '#libs/authz/policy.js';
import type { Rule } from '#libs/authz/rules.js';

const subject = 'AuditEntry';
const about = { personId: '${actor.id}' };
const origin = ['ip', 'userAgent'];
const details = ['actor', 'actorId', 'clientId', 'sessionId', ...origin, 'before', 'after', 'erased'];

/**
 * Everybody signed in sees what was done to their own account, and all about what they did themselves; who of the staff did
 * the rest, and why, is not theirs to know. The whole trail is for admins, and for roles that admins give the right to.
 */
export const auditPolicy = definePolicy('audit', {
  signedIn: [
    { action: 'read', subject, conditions: about },
    { action: 'read', subject, fields: details, inverted: true },
    { action: 'read', subject, fields: details, conditions: { ...about, actorId: '${actor.id}', actedBy: null } },
    { action: 'read', subject, fields: origin, conditions: { ...about, actor: 'anonymous' } },
  ] satisfies Rule[],
});
