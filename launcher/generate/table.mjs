import { Failure } from '../failure.mjs';
import { checkFields } from './fields.mjs';
import { camelOf } from './names.mjs';
import { sqlName } from './reserved.mjs';
import { bound, readCheck } from './table-checks.mjs';
import { readCatalog } from './table-catalog.mjs';

/** @typedef {import('./fields.mjs').Field} Field */
/** @typedef {import('./table-catalog.mjs').Column} Column */
/** @typedef {import('./table-catalog.mjs').Catalog} Catalog */

/**
 * A table that is there already.
 * @typedef {object} FoundTable
 * @property {string} name
 * @property {string} sqlName
 * @property {string} primaryKey name of its constraint
 * @property {readonly string[]} asFound SQL that makes it as it was found, where it is not there
 * @property {readonly string[]} completed SQL that gives it what every resource has, and the bounds of the contract
 */

/** Columns of every resource: their type, and what follows it. */
const base = {
  created_at: ['timestamp(3) with time zone', 'not null default now()'],
  updated_at: ['timestamp(3) with time zone', 'not null default now()'],
  version: ['integer', 'not null default 1'],
  xid: ['xid8', 'not null default pg_current_xact_id()'],
  deleted_at: ['timestamp(3) with time zone', ''],
};
const timestamp = /^timestamp(\(\d\))? with time zone$/;
const shortType = (/** @type {string} */ type) =>
  type.replace('timestamp(3) with time zone', 'timestamptz(3)').replace('integer', 'int');

/**
 * Reads a table and what of it clients can be shown.
 * @param {import('pg').Client} client
 * @param {string} name
 * @param {import('./project.mjs').Project} project
 * @returns {Promise<{ table: FoundTable, fields: Field[], notes: string[] }>}
 */
export async function readTable(client, name, project) {
  const catalog = await readCatalog(client, name);
  const notes = [];
  const problems = problemsOfBase(catalog);
  /** @type {Field[]} */
  const fields = [];
  /** @type {string[]} */
  const completed = [];
  for (const column of catalog.columns) {
    if (column.name === 'id' || Object.hasOwn(base, column.name)) continue;
    const { field, why, bounds = [] } = await fieldOf(client, catalog, column, project);
    if (field) {
      fields.push(field);
      completed.push(...bounds);
    } else if (!column.required || column.default !== null || column.isGenerated)
      notes.push(`the column ${column.name} is left out of the API: ${why}.`);
    else problems.push(`${column.name} has to be given, but cannot be: ${why}`);
  }
  if (fields.length === 0) problems.push('it has no column that can be shown');
  if (problems.length > 0)
    throw new Failure(
      `No domain can start from the table ${name}:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
      'Change the table so far, and try again; docs/adding-a-domain.md says how.',
    );
  for (const { name: constraint, references, definition } of catalog.constraints)
    if (references && !project.tables.has(references))
      notes.push(
        `${constraint} (${definition}) stays where it is, but a new database has no ${references} to refer to.`,
      );
  return {
    table: {
      name,
      sqlName: sqlName(name),
      primaryKey: catalog.constraints.find((c) => c.type === 'p')?.name ?? '',
      asFound: asFound(catalog, project),
      completed: [...completedBase(catalog), ...completed],
    },
    fields,
    notes,
  };
}
/** @param {Catalog} catalog */
function problemsOfBase({ columns, constraints }) {
  const problems = [];
  const id = columns.find((column) => column.name === 'id');
  const key = constraints.find((constraint) => constraint.type === 'p');
  if (id?.type !== 'uuid' || key?.columns.join() !== 'id')
    problems.push('its primary key has to be a column id of the type uuid: ids are made by clients and servers alike');
  for (const [name, [type]] of Object.entries(base)) {
    const found = columns.find((column) => column.name === name);
    if (found && found.type !== type && !(timestamp.test(type) && timestamp.test(found.type)))
      problems.push(`${name} is ${found.type}, but every resource has it as ${shortType(type)}: rename it first`);
  }
  return problems;
}

/**
 * The field of a column with the bounds that the table lacks, or why there is none.
 * @param {import('pg').Client} client
 * @param {Catalog} catalog
 * @param {Column} column
 * @param {import('./project.mjs').Project} project
 * @returns {Promise<{ field?: Field, bounds?: string[], why?: string }>}
 */
async function fieldOf(client, catalog, column, project) {
  if (column.isGenerated) return { why: 'the database works it out' };
  /** @type {Field} */
  const field = { name: camelOf(column.name), column: column.name, kind: 'text', nullable: !column.required };
  try {
    checkFields([field]);
  } catch (error) {
    return { why: /** @type {Error} */ (error).message.split('\n')[0].replace(/\.$/, '') };
  }
  const unfit = readType(field, column) ?? readConstraints(field, catalog, column, project);
  if (unfit) return { why: unfit };
  readDefault(field, column.default);
  return addBounds(client, catalog, field, column);
}
/**
 * @param {Field} field
 * @param {Column} column
 * @returns {string | undefined} why there is no field
 */
function readType(field, column) {
  const { type } = column;
  const varchar = /^character varying\((\d+)\)$/.exec(type);
  if (type === 'text' || type === 'character varying') field.kind = 'text';
  else if (varchar) field.maxLength = Number(varchar[1]);
  else if (type === 'uuid') field.kind = 'id';
  else if (type === 'boolean') field.kind = 'flag';
  else if (type === 'jsonb') field.kind = 'json';
  else if (type === 'text[]') field.kind = 'texts';
  else if (timestamp.test(type)) field.kind = 'instant';
  else if (type === 'integer' || type === 'smallint') {
    field.kind = 'int';
    [field.min, field.max] = type === 'integer' ? [-2_147_483_647, 2_147_483_647] : [-32_768, 32_767];
  } else if (type === 'bigint') {
    field.kind = 'bigint';
    [field.min, field.max] = [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];
  } else return `no kind of field has the type ${type}`;
  return column.default?.startsWith('nextval(') ? 'the database counts it' : undefined;
}
/**
 * @param {Field} field
 * @param {Catalog} catalog
 * @param {Column} column
 * @param {import('./project.mjs').Project} project
 * @returns {string | undefined} why there is no field
 */
function readConstraints(field, catalog, column, project) {
  for (const { name, type, definition, columns, references } of catalog.constraints) {
    if (!columns.includes(column.name) || type === 'p') continue;
    if (type === 'c') {
      if (columns.length > 1 || !readCheck(field, definition))
        return `its values are bound by ${name}, ${definition}, which no field can say`;
    } else if (type === 'f') {
      if (!references || columns.length > 1) return `${name} refers to more than a row`;
      const found = project.targets.find((target) => target.table === references);
      if (!found?.tests.world || !field.name.endsWith('Id'))
        return `${name} refers to ${references}, which is no domain that a field named ${field.name} can lead to`;
      field.target = found;
    } else if (type === 'u') {
      if (columns.length > 1 && ![undefined, column.name].includes(spared(catalog, columns))) continue;
      if (columns.length > 1)
        return `${name} wants it to be unique together with ${columns.filter((c) => c !== column.name).join(', ')}`;
      field.unique = name;
    } else return `${name}, ${definition}, cannot be told by a field`;
  }
  if (
    field.unique !== undefined &&
    (field.target || field.pattern || !['text', 'int', 'bigint', 'id'].includes(field.kind))
  )
    return 'tests could not make enough different values of it';
  return undefined;
}
/**
 * The column that is left out so that the others can be shown: where it is null, no two rows are the same. Without such
 * a column none of them can be.
 * @param {Catalog} catalog
 * @param {readonly string[]} names
 */
function spared({ columns }, names) {
  return names.find((name) => columns.some((c) => c.name === name && !c.required && c.default === null));
}
/** @param {Field} field @param {string | null} text */
function readDefault(field, text) {
  if (text === null || field.nullable) {
    if (!field.nullable && field.kind === 'text' && field.minLength === undefined && !field.pattern)
      field.minLength = 0;
    return;
  }
  const plain = text.replace(/::[a-z ]+(\[\])?$/, '').replace(/^\((.*)\)$/, '$1');
  const quoted = /^'((?:[^']|'')*)'$/.exec(plain)?.[1].replaceAll("''", "'");
  if (field.kind === 'text' || field.kind === 'choice') field.value = quoted;
  else if (field.kind === 'flag') field.value = plain === 'true';
  else if (field.kind === 'int' || field.kind === 'bigint') {
    const number = Number(quoted ?? plain);
    if (Number.isSafeInteger(number)) field.value = number;
  }
}
/**
 * Bounds that the contract has and the table lacks; what is in the table must keep to them.
 * @param {import('pg').Client} client
 * @param {Catalog} catalog
 * @param {Field} field
 * @param {Column} column
 */
async function addBounds(client, catalog, field, column) {
  const name = sqlName(column.name);
  const breaks = async (/** @type {string} */ check) => {
    const { rows } = await client.query(
      `select exists (select from ${sqlName(catalog.name)} where not (${check})) as found`,
    );
    return rows[0].found === true;
  };
  const bounds = [];
  if (field.kind === 'text' && field.maxLength === undefined && !field.pattern) {
    const { rows } = await client.query(
      `select coalesce(max(length(${name})), 0)::int as longest from ${sqlName(catalog.name)}`,
    );
    if (rows[0].longest > 10_000) return { why: `it holds texts of ${rows[0].longest} characters` };
    field.maxLength = rows[0].longest <= 500 ? 500 : Math.ceil(rows[0].longest / 1000) * 1000;
    bounds.push(`add ${bound(catalog.name, column.name)} check (length(${name}) <= ${field.maxLength})`);
  }
  if (field.kind === 'texts') field.maxLength = 500;
  if (field.kind === 'json' && !field.isObject) {
    const check = `jsonb_typeof(${name}) = 'object'`;
    if (await breaks(check)) return { why: 'it holds JSON that is no object' };
    bounds.push(`add ${bound(catalog.name, column.name)} check (${check})`);
  }
  if (field.kind === 'bigint' && field.min === Number.MIN_SAFE_INTEGER && field.max === Number.MAX_SAFE_INTEGER) {
    const check = `${name} between ${field.min} and ${field.max}`;
    if (await breaks(check)) return { why: 'it holds numbers beyond 2^53 - 1' };
    bounds.push(`add ${bound(catalog.name, column.name)} check (${check})`);
  }
  if (field.kind === 'instant' && column.type !== 'timestamp(3) with time zone')
    bounds.push(`alter column ${name} type timestamptz(3)`);
  return { field, bounds };
}

// ---- SQL -----------------------------------------------------------------------------------------------------------

/** @param {Catalog} catalog @param {import('./project.mjs').Project} project */
function asFound({ name, columns, constraints, indexes, enums }, project) {
  const kept = constraints.filter((c) => !c.isIndex && (!c.references || project.tables.has(c.references)));
  const lines = [...columns.map(columnSql), ...kept.map((c) => `constraint ${sqlName(c.name)} ${c.definition}`)];
  return [
    ...enums.map(
      (
        type,
      ) => `do $$ begin create type ${type.name} as enum (${type.labels.map((label) => `'${label.replaceAll("'", "''")}'`).join(', ')});
      exception when duplicate_object then null; end $$`,
    ),
    `create table if not exists ${sqlName(name)} (\n        ${lines.join(',\n        ')})`,
    ...indexes.map((definition) =>
      definition
        .replace(/^CREATE (UNIQUE )?INDEX /, (start) => `${start.toLowerCase()}if not exists `)
        .replace(' ON public.', ' on ')
        .replace(' USING btree', ''),
    ),
  ];
}
/** @param {Column} column */
function columnSql({ name, type, default: value, required, isGenerated, identity }) {
  const serial =
    value?.startsWith('nextval(') && { integer: 'serial', bigint: 'bigserial', smallint: 'smallserial' }[type];
  return [
    sqlName(name),
    serial || type,
    identity && `generated ${identity === 'a' ? 'always' : 'by default'} as identity`,
    isGenerated && !identity && value && `generated always as (${value}) stored`,
    !isGenerated && !serial && value && `default ${value}`,
    required && !serial && 'not null',
  ]
    .filter(Boolean)
    .join(' ');
}
/** @param {Catalog} catalog */
function completedBase({ columns }) {
  return Object.entries(base).flatMap(([name, [type, rest]]) => {
    const found = columns.find((column) => column.name === name);
    if (!found) return [`add column ${name} ${shortType(type)} ${rest}`.trim()];
    const value = /default (.+)$/.exec(rest)?.[1];
    return [
      // Where it was null, it is what a new row has.
      ...(found.type === type && (found.required || !value)
        ? []
        : [
            `alter column ${name} type ${shortType(type)}${found.required || !value ? '' : ` using coalesce(${name}, ${value})`}`,
          ]),
      ...(value && found.default === null ? [`alter column ${name} set default ${value}`] : []),
      ...(value && !found.required ? [`alter column ${name} set not null`] : []),
      ...(!value && found.required ? [`alter column ${name} drop not null`] : []),
    ];
  });
}
