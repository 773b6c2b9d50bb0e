import { imports, literal } from '../code.mjs';
import { references } from '../domain.mjs';
import { valueOf } from '../kinds.mjs';

/** @typedef {import('../domain.mjs').Domain} Domain */
/** @typedef {import('../fields.mjs').Field} Field */

/**
 * `TicketsWorld`, and the worlds that it is built on by their modules.
 * @param {Domain} domain
 */
export function worldsOf(domain) {
  /** @type {Record<string, string[]>} */
  const modules = { '#test/domains/users/world.js': ['UsersWorld'] };
  for (const { target } of references(domain))
    modules[`#test/domains/${target.folder}/world.js`] = [target.tests.world];
  return { own: `${domain.names.Many}World`, modules, needs: [...new Set(Object.values(modules).flat())].join(' & ') };
}
/**
 * An expression for the id of a row that this user may see.
 * @param {Field} field
 * @param {string} user expression
 * @param {string} world expression
 */
export const visibleRow = ({ target }, user, world) => target?.tests.visibleTo(user, world) ?? '';

/**
 * Columns of a row with their values as JavaScript.
 * @param {Domain} domain
 * @param {number} number
 */
export function sampleColumns({ fields }, number) {
  return fields.flatMap((field) => {
    if (field.target || field.unique !== undefined) return [];
    const value = /** @type {any} */ (valueOf(field, number));
    if (field.kind === 'money')
      return [
        `${field.column}_amount: ${literal(value.amount)}`,
        `${field.column}_currency: ${literal(value.currency)}`,
      ];
    return [`${literal(field.column)}: ${literal(value)}`];
  });
}
/**
 * A value that no other row has, by the number of the row.
 * @param {Field} field
 * @param {string} number expression
 */
export function uniqueValue(field, number) {
  const text = (/** @type {string} */ start, /** @type {string} */ end) =>
    /^\d+$/.test(number) ? `'${start}${number}${end}'` : `\`${start}\${${number}}${end}\``;
  if (field.kind === 'email') return text('made-', '@tandem.example');
  if (field.kind === 'id') return 'uuidv7()';
  if (field.kind === 'text') return (field.maxLength ?? 0) < 10 ? `String(${number})` : text('made-', '');
  return field.min !== undefined && field.min > 0 ? `${literal(field.min)} + ${number}` : number;
}
/**
 * The text whose value only those may see who may see the row.
 * @param {Domain} domain
 */
const canaryField = ({ owner, fields }) =>
  owner && fields.find((f) => f.kind === 'text' && f.unique === undefined && !f.pattern && (f.maxLength ?? 0) >= 100);

/** @param {Domain} domain */
export function world(domain) {
  const { names, owner, fields } = domain;
  const { own, modules, needs } = worldsOf(domain);
  const uniques = fields.filter((f) => f.unique !== undefined);
  const given = fields.filter((f) => f.target);
  const canary = canaryField(domain);
  const make = `make${names.One}`;
  const user = owner ? 'ownerId' : 'w.ids.ada';
  const row = [
    'id',
    ...(owner ? [`${literal(owner.column)}: ownerId`] : []),
    ...given.map((f) => `${literal(f.column)}: ${visibleRow(f, user, 'w')}`),
    ...uniques.map((f) => `${literal(f.column)}: ${uniqueValue(f, 'made')}`),
    `...samples[sample]`,
  ];
  return `
${imports({
  uuid: ['v7 as uuidv7'],
  ...Object.fromEntries(Object.entries(modules).map(([from, types]) => [from, types.map((type) => `type ${type}`)])),
  '#test/harness/callers.js': [canary && 'staff'],
})}

/** Rows that differ in what lists filter and sort by. */
const samples = [
  { ${sampleColumns(domain, 1).join(', ')} },
  { ${sampleColumns(domain, 2).join(', ')} },
];

export interface ${names.Many}Part {
  ${owner ? '/** Ada’s and Grace’s, made from one sample each. */' : '/** Made from one sample each. */'}
  readonly ${names.one}Ids: readonly [string, string];
  ${owner ? '/** One of Ada’s unless told. */' : ''}
  ${make}(${owner ? 'ownerId?: string, ' : ''}sample?: number): Promise<string>;
}
export type ${own} = ${needs} & ${names.Many}Part;

export async function ${names.many}World(w: ${needs}): Promise<${names.Many}Part> {
  const { database${canary ? ', sniffer' : ''} } = w.app;
  ${uniques.length > 0 ? 'let made = 0;' : ''}
  const ${make}: ${names.Many}Part['${make}'] = async (${owner ? 'ownerId = w.ids.ada, ' : ''}sample = 0) => {
    const id = uuidv7();
    ${uniques.length > 0 ? 'made++;' : ''}
    ${
      canary
        ? `const mayRead = [...Object.entries(w.ids).flatMap(([name, of]) => (of === ownerId ? [name] : [])), ...staff];`
        : ''
    }
    const row = { ${row.join(', ')}${
      canary
        ? `, ${literal(canary.column)}: \`\${samples[sample].${canary.column}} \${sniffer.plant('${canary.name}', mayRead)}\``
        : ''
    } };
    const columns = Object.keys(row);
    await database.sql(
      \`insert into ${domain.table?.sqlName ?? names.table} (\${columns.map((column) => \`"\${column}"\`).join()}) values (\${columns.map((_column, i) => \`$\${i + 1}\`).join()})\`,
      Object.values(row),
    );
    return id;
  };
  return { ${names.one}Ids: [await ${make}(), await ${make}(${owner ? 'w.ids.grace, ' : ''}1)], ${make} };
}
`;
}
