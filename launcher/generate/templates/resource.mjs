import { imports, literal } from '../code.mjs';
import { allFields, importsOfTargets, references } from '../domain.mjs';
import { relationOf } from '../fields.mjs';
import { filterOf, sortsOf } from '../kinds.mjs';

/** @param {import('../fields.mjs').Field} field @returns {[string, string[]][]} */
function filtersOf(field) {
  const filter = filterOf(field);
  return filter ? [filter] : [];
}

/** @param {import('../domain.mjs').Domain} domain */
export function resource(domain) {
  const { names } = domain;
  /** @type {[string, string[]][]} */
  const filters = [['id', ['in']], ...allFields(domain).flatMap((f) => filtersOf(f)), ['createdAt', ['gte', 'lt']]];
  const relations = references(domain);
  return `
${imports({
  '#libs/database/resource.js': [relations.length > 0 && 'one', 'resource'],
  ...importsOfTargets(domain, 'resource'),
  [`./${names.file}.entity.js`]: [names.One],
  [`./${names.folder}.contract.js`]: [`${names.One}View`],
})}

export const ${names.many} = resource({
  name: '${names.one}',
  plural: '${names.many}',
  view: ${names.One}View,
  entity: ${names.One},
  subject: '${names.One}',
  filters: {
    ${filters.map(([name, operators]) => `${name}: ${literal(operators)},`).join('\n')}
  },
  sorts: ${literal(sortsOf(allFields(domain)).map((sort) => sort.name))},
  defaultSort: '-createdAt',
  ${
    relations.length > 0
      ? `relations: {
    ${relations.map(({ field, target }) => `${relationOf(field)}: one(() => ${target.resource}, '${field.name}'),`).join('\n')}
  },`
      : ''
  }
});
`;
}
