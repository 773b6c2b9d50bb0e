import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { holderOf } from '../claim.mjs';
import { dataFolder, readJson } from '../data-folder.mjs';
import { Failure } from '../failure.mjs';

/**
 * @typedef {object} Column
 * @property {string} name
 * @property {string} type as PostgreSQL writes it: `character varying(20)`
 * @property {boolean} required not null
 * @property {string | null} default an expression; of a generated column the one that makes it
 * @property {boolean} isGenerated
 * @property {'a' | 'd' | ''} identity
 *
 * @typedef {object} Constraint
 * @property {string} name
 * @property {'p' | 'c' | 'f' | 'u' | 'x'} type
 * @property {string} definition
 * @property {string[]} columns
 * @property {string | null} references the other table, of a foreign key
 * @property {boolean} [isIndex] a unique index, not a constraint of the table
 *
 * @typedef {object} Catalog
 * @property {string} name
 * @property {Column[]} columns
 * @property {Constraint[]} constraints unique indexes are among them
 * @property {string[]} indexes definitions of those that no constraint has made
 * @property {{ name: string, labels: string[] }[]} enums types of its columns
 */

/**
 * The database that a developer means: `DATABASE_OWNER_URL` or `DATABASE_URL` when set, else the one of the Tandem that
 * runs in this folder.
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 */
export async function databaseUrl(root, env) {
  const set = env.DATABASE_OWNER_URL?.trim() || env.DATABASE_URL?.trim();
  if (set) return set;
  const data = dataFolder(root, env);
  const running = existsSync(data) ? await holderOf(data) : undefined;
  const note = readJson(join(data, 'running.json'));
  if (running?.url && note?.databaseUrl) return /** @type {string} */ (note.databaseUrl);
  throw new Failure(
    'There is no database to read the table from.',
    'Set DATABASE_OWNER_URL, or start Tandem in this folder with `npm start`.',
  );
}

const columnsQuery = `
  select a.attname as name, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as required,
         pg_get_expr(d.adbin, d.adrelid) as default, a.attgenerated <> '' or a.attidentity <> '' as "isGenerated",
         a.attidentity as identity, t.typtype as "typeKind", t.typnamespace = 'pg_catalog'::regnamespace as "isBuiltIn",
         (select array_agg(e.enumlabel::text order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid) as labels
  from pg_attribute a join pg_type t on t.oid = a.atttypid
  left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where a.attrelid = $1 and a.attnum > 0 and not a.attisdropped order by a.attnum`;
const columnsOfKey = (/** @type {string} */ relation, /** @type {string} */ key) =>
  `array(select a.attname::text from unnest(${key}) with ordinality k(number, place)
         join pg_attribute a on a.attrelid = ${relation} and a.attnum = k.number order by k.place)`;
const constraintsQuery = `
  select conname as name, contype as type, pg_get_constraintdef(oid) as definition,
         case when contype = 'f' then confrelid::regclass::text end as "references",
         ${columnsOfKey('conrelid', 'conkey')} as columns
  from pg_constraint where conrelid = $1 and contype in ('p', 'c', 'f', 'u', 'x') order by contype, conname`;
const indexesQuery = `
  select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition, i.indisunique as "isUnique",
         pg_get_expr(i.indpred, i.indrelid) as predicate, 0 = any(i.indkey) as "hasExpression",
         ${columnsOfKey('i.indrelid', 'i.indkey::int2[]')} as columns
  from pg_index i where i.indrelid = $1
    and not exists (select from pg_constraint c where c.conindid = i.indexrelid and c.contype in ('p', 'u', 'x'))`;

/**
 * @param {import('pg').Client} client
 * @param {string} name
 * @returns {Promise<Catalog>}
 */
export async function readCatalog(client, name) {
  const { rows } = await client.query(
    `select c.oid from pg_class c where c.relname = $1 and c.relnamespace = 'public'::regnamespace and c.relkind = 'r'`,
    [name],
  );
  if (rows.length === 0)
    throw new Failure(
      `The database has no table ${name} in the schema public.`,
      'Give its name as \\d in psql shows it.',
    );
  const of = async (/** @type {string} */ query) => (await client.query(query, [rows[0].oid])).rows;
  const columns = await of(columnsQuery);
  const foreign = columns.filter((column) => !column.isBuiltIn && column.typeKind !== 'e' && column.type !== 'text[]');
  if (foreign.length > 0)
    throw new Failure(
      `${name} has columns whose types a new database would not know: ${foreign.map((c) => `${c.name} ${c.type}`).join(', ')}.`,
      'Add the type in a migration of its own, and give the columns types of PostgreSQL meanwhile.',
    );
  /** @type {Constraint[]} */
  const constraints = await of(constraintsQuery);
  const indexes = await of(indexesQuery);
  for (const index of indexes)
    if (index.isUnique)
      constraints.push({
        name: index.name,
        // Over an expression, or over some rows only: more than that a column is unique.
        type:
          index.hasExpression || (index.predicate !== null && index.predicate !== '(deleted_at IS NULL)') ? 'x' : 'u',
        definition: index.definition,
        columns: index.columns,
        references: null,
      });
  const uniques = new Set(indexes.map((index) => index.name));
  const enums = columns
    .filter((column) => column.typeKind === 'e')
    .map((column) => ({ name: column.type, labels: column.labels }));
  return {
    name,
    columns,
    constraints: constraints.map((c) => ({ ...c, isIndex: uniques.has(c.name) })),
    indexes: indexes.map((index) => index.definition),
    enums: [...new Map(enums.map((type) => [type.name, type])).values()],
  };
}
