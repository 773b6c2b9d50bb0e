import { allFields } from '../domain.mjs';
import { columnsOf, filterOf, sortsOf } from '../kinds.mjs';
import { sqlName } from '../reserved.mjs';

/** @typedef {import('../domain.mjs').Domain} Domain */

/** @param {Domain} domain */
export const migrationClass = ({ names, stamp }) => `${names.Many}${stamp}`;

/** @param {Domain} domain */
export function migration(domain) {
  const { names } = domain;
  if (domain.table) return migrationOfTable(domain, domain.table);
  const table = sqlName(names.table);
  return `
import { Migration } from '@mikro-orm/migrations';
import { baseColumns, stampTrigger } from '#libs/database/migrations/20261123000000-ground.js';

export class ${migrationClass(domain)} extends Migration {
  override up(): void {
    this.addSql(\`
      create table ${table} (\${baseColumns},
        ${allFields(domain).flatMap(columnsOf).map(escaped).join(',\n        ')})\`);
    this.addSql(stampTrigger('${table}'));
    ${indexes(domain)
      .map((sql) => `this.addSql(\`${sql}\`);`)
      .join('\n    ')}
  }
}
`;
}
/**
 * The same on a database that has the table and on one that has not.
 * @param {Domain} domain
 * @param {import('../table.mjs').FoundTable} table
 */
function migrationOfTable(domain, table) {
  const add = (/** @type {string} */ sql) => `this.addSql(\`${escaped(sql)}\`);`;
  return `
import { Migration } from '@mikro-orm/migrations';
import { stampTrigger } from '#libs/database/migrations/20261123000000-ground.js';

export class ${migrationClass(domain)} extends Migration {
  override up(): void {
    // As it was found: where it is there already, nothing happens.
    ${table.asFound.map((sql) => add(`\n      ${sql}`)).join('\n    ')}
    // What every resource has, and the bounds of the contract.
    ${table.completed.length > 0 ? add(`\n      alter table ${table.sqlName}\n        ${table.completed.join(',\n        ')}`) : ''}
    this.addSql(stampTrigger('${table.sqlName}'));
    ${indexes(domain)
      .map((sql) => add(sql.replace(' index ', ' index if not exists ')))
      .join('\n    ')}
  }
}
`;
}
/** @param {string} sql */
export const escaped = (sql) => sql.replaceAll('\\', '\\\\').replaceAll('`', '\\`').replaceAll('${', '\\${');

/**
 * Every sort has an index that ends in the id, as pages go on behind a row; filters that cut a list down to a few rows
 * have one in the order of the default sort.
 * @param {Domain} domain
 * @returns {string[]}
 */
export function indexes(domain) {
  const name = domain.table?.name ?? domain.names.table;
  const table = sqlName(name);
  const fields = allFields(domain);
  const uniques = domain.table ? [] : fields.filter((f) => f.unique !== undefined);
  const cutting = fields.filter((f) => (f.kind === 'id' || f.kind === 'choice') && !uniques.includes(f));
  const lists = fields.filter((f) => f.kind === 'texts' && filterOf(f));
  const index = (/** @type {string} */ suffix) => sqlName(`${name}_${suffix}`);
  return [
    ...uniques.map(
      (f) => `create unique index ${index(f.column)} on ${table} (${sqlName(f.column)}) where deleted_at is null`,
    ),
    ...cutting.map((f) => `create index ${index(f.column)} on ${table} (${sqlName(f.column)}, created_at, id)`),
    ...sortsOf(fields).map((s) => `create index ${index(s.column)} on ${table} (${sqlName(s.column)}, id)`),
    ...lists.map((f) => `create index ${index(f.column)} on ${table} using gin (${sqlName(f.column)})`),
    `create index ${index('xid')} on ${table} (xid)`,
  ];
}
