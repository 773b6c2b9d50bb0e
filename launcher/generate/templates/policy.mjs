/** @param {import('../domain.mjs').Domain} domain */
export function policy({ names, owner }) {
  const rules = owner
    ? `
const own = { ${owner.name}: '\${actor.id}' };

/** Everybody signed in as a customer works with ${names.titles} of their own; the staff sees and changes all of them. */
export const ${names.one}Policy = definePolicy('${names.many}', {
  customer: [{ action: ['read', 'create', 'update', 'delete'], subject: '${names.One}', conditions: own }],
  support: [{ action: ['read', 'update'], subject: '${names.One}' }],
  manager: [{ action: ['read', 'update', 'delete'], subject: '${names.One}' }],
});`
    : `
/** Every account reads ${names.titles}; support writes them, and managers also delete them. */
export const ${names.one}Policy = definePolicy('${names.many}', {
  signedIn: [{ action: 'read', subject: '${names.One}' }],
  // Reading once more: services have roles, and nothing that every account has.
  support: [{ action: ['read', 'create', 'update'], subject: '${names.One}' }],
  manager: [{ action: ['read', 'create', 'update', 'delete'], subject: '${names.One}' }],
});`;
  return `
import { definePolicy } from '#libs/authz/policy.js';
${rules}
`;
}
