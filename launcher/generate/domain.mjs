/**
 * Everything that the templates know of the domain to be made.
 * @typedef {object} Domain
 * @property {import('./names.mjs').Names} names
 * @property {readonly import('./fields.mjs').Field[]} fields what clients give; without the owner
 * @property {import('./fields.mjs').Field} [owner] the id of the user whose row it is
 * @property {readonly string[]} locales of libs/messages
 * @property {string} stamp of the migration: `20261124103000`
 * @property {import('./table.mjs').FoundTable} [table] what the domain starts from, if it is there already
 */

/**
 * The owner first.
 * @param {Domain} domain
 */
export const allFields = ({ owner, fields }) => (owner ? [owner, ...fields] : fields);

/**
 * Fields that lead to other domains, the owner first.
 * @param {Domain} domain
 */
export const references = (domain) =>
  allFields(domain).flatMap((field) => (field.target ? [{ field, target: field.target }] : []));

/**
 * What has to be imported for the domains that fields lead to, by module.
 * @param {Domain} domain
 * @param {'entity' | 'view' | 'resource'} what
 * @param {readonly import('./fields.mjs').Field[]} [fields]
 */
export function importsOfTargets(domain, what, fields = allFields(domain)) {
  /** @type {Record<string, string[]>} */
  const modules = {};
  for (const { target } of fields) if (target) (modules[target.modules[what]] ??= []).push(target[what]);
  return modules;
}
