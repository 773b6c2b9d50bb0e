import { imports, literal, sqlText } from '../code.mjs';
import { allFields, references } from '../domain.mjs';
import { isRequired, relationOf } from '../fields.mjs';
import { valueOf } from '../kinds.mjs';
import { withArticle } from '../names.mjs';
import { sqlName } from '../reserved.mjs';
import { visibleRow, worldsOf } from './test-world.mjs';

/** @typedef {import('../domain.mjs').Domain} Domain */
/** @typedef {import('../fields.mjs').Field} Field */

/** The file that the registry of the tests names. @param {Domain} domain */
export function tests(domain) {
  const { One, Many, one, many, folder } = domain.names;
  const { own } = worldsOf(domain);
  return `
import { defineDomainTests } from '#test/harness/domain-tests.js';
import { seed${One}Access } from './access-rows.js';
import { calls${references(domain).length > 0 ? ', paths' : ''} } from './calls.js';
${edited(domain) ? `import { edits } from './edits.js';` : ''}
import { expected } from './expected.js';
import { seed${Many} } from './lists.js';
import { statements } from './statements.js';
import { ${one}Cases } from './surfaces.js';
import { ${many}World, type ${own} } from './world.js';

export const ${many}Tests = defineDomainTests({
  name: '${folder}',
  world: ${many}World,
  surfaces: async (w: ${own}) => ({ ${many}: await ${one}Cases(w) }),
  expected,
  matrix: { calls${references(domain).length > 0 ? ', paths' : ''} },
  lists: seed${Many},
  access: { seed: seed${One}Access, subjects: { ${One}: null } },
  ${edited(domain) ? 'edits,' : ''}
  statements,
});
`;
}

/**
 * What a client has to give for a new row, as JavaScript; references lead to rows that \`user\` may see.
 * @param {Domain} domain
 * @param {{ number: number, user: string, all?: boolean, unique: (field: Field) => string }} options
 */
export function inputOf({ fields }, { number, user, all = false, unique }) {
  const given = fields.filter((field) => all || isRequired(field));
  return `{ ${given
    .map((field) => {
      if (field.target) return `${field.name}: ${visibleRow(field, user, 'w')}`;
      return `${field.name}: ${field.unique === undefined ? literal(valueOf(field, number)) : unique(field)}`;
    })
    .join(', ')} }`;
}
/**
 * A field that a change can be shown on: a text, if there is one.
 * @param {Domain} domain
 */
export const changed = ({ fields }) =>
  fields.find((f) => f.kind === 'text' && f.unique === undefined && !f.pattern) ??
  fields.find((f) => !f.target && f.unique === undefined && !f.pattern) ??
  fields[0];
/**
 * The text that many write at once.
 * @param {Domain} domain
 */
const edited = ({ fields }) =>
  fields.find((f) => f.kind === 'text' && f.unique === undefined && !f.pattern && (f.maxLength ?? 0) >= 20);

/** @param {Domain} domain */
export function calls(domain) {
  const { names, owner, fields } = domain;
  const { One, Many, one, many, folder, title } = names;
  const { own } = worldsOf(domain);
  const relations = references(domain);
  const uniques = fields.filter((f) => f.unique !== undefined && isRequired(f));
  const user = 'own(w, caller)';
  const needsUser = fields.some((f) => isRequired(f) && visibleRow(f, user, 'w').includes(user));
  const input = inputOf(domain, { number: 3, user, unique: (f) => uniqueInput(f) });
  const change = changed(domain);
  const whose = owner ? ['of Ada', 'of Grace'] : ['one', 'another'];
  return `
${imports({
  'node:crypto': [
    uniques.some((f) => f.kind !== 'id') &&
      (uniques.some((f) => f.kind === 'int' || f.kind === 'bigint') ? 'randomInt' : undefined),
    uniques.some((f) => f.kind === 'text' || f.kind === 'email') && 'randomBytes',
  ],
  uuid: [uniques.some((f) => f.kind === 'id') && 'v7 as uuidv7'],
  '#test/harness/callers.js': ['nowhere'],
  '#test/harness/domain-tests.js': ['type Calls', relations.length > 0 && 'type Paths'],
  '#test/matrix/calls.js': [
    'create',
    'list',
    relations.length > 0 && 'path',
    relations.length > 0 && 'present',
    'read',
    'remove',
    'update',
  ],
  '#test/matrix/expectations.js': [needsUser && 'type Caller'],
  './world.js': [`type ${own}`],
})}

${needsUser ? `const own = (w: ${own}, caller: Caller) => (caller === 'anonymous' ? w.ids.ada : w.ids[caller]);` : ''}

export const calls: Calls<${own}> = {
  list${Many}: { '${owner ? 'one of Ada’s, one of Grace' : 'two'}': (w) => list('${folder}', '${many}', w.${one}Ids) },
  get${One}: {
    '${whose[0]}': (w) => read('${folder}', '${one}', w.${one}Ids[0]),
    ${owner ? `'${whose[1]}': (w) => read('${folder}', '${one}', w.${one}Ids[1]),` : ''}
    deleted: async (w) => {
      const id = await w.make${One}();
      await w.app.database.sql('update ${domain.table?.sqlName ?? names.table} set deleted_at = now() where id = $1', [id]);
      return read('${folder}', '${one}', id);
    },
    'there is none': () => read('${folder}', '${one}', nowhere),
  },
  create${One}: { '${owner ? 'of one’s own' : 'one'}': ${input.includes('await') ? 'async ' : ''}(${[
    (input.includes('w.') || needsUser) && 'w',
    needsUser && 'caller',
  ]
    .filter(Boolean)
    .join(', ')}) => create('${folder}', 'create${One}', ${input}) },
  update${One}: {
    '${whose[0]}': async (w) => update('${folder}', 'update${One}', await w.make${One}(), { ${change.name}: ${change.target ? 'null' : literal(valueOf(change, 2))} }),
  },
  delete${One}: { '${whose[0]}': async (w) => remove('${folder}', 'delete${One}', await w.make${One}()) },
};
${
  relations.length > 0
    ? `
export const paths: Paths<${own}> = {
  ${relations
    .map(
      ({ field }) => `'${One}.${relationOf(field)}': {
    'of ${withArticle(title)}${owner ? ' of Ada' : ''}': (w) =>
      path('query ($id: ID!) { ${one}(id: $id) { id ${relationOf(field)} { id } } }', { id: w.${one}Ids[0] }, (data) => present([data.${one}.${relationOf(field)}])),
  },`,
    )
    .join('\n')}
};`
    : ''
}
`;
}
/** @param {Field} field */
function uniqueInput(field) {
  if (field.kind === 'email') return "`${randomBytes(6).toString('hex')}@tandem.example`";
  if (field.kind === 'id') return 'uuidv7()';
  if (field.kind === 'text')
    return `randomBytes(${Math.min(8, Math.floor((field.maxLength ?? 16) / 2))}).toString('hex')`;
  return `${literal(Math.max(field.min ?? 0, 0))} + randomInt(10_000, ${literal(Math.min((field.max ?? 0) - Math.max(field.min ?? 0, 0), 1_000_000_000))})`;
}

/** @param {Domain} domain */
export function expected(domain) {
  const { names, owner, fields } = domain;
  const { One, Many, title } = names;
  const head = ['anonymous', 'ada', 'grace', 'support', 'manager', 'admin', 'suspended'];
  const row = (/** @type {string} */ operation, /** @type {string} */ situation, /** @type {string} */ outcomes) => [
    operation,
    situation,
    ...outcomes.split(' '),
  ];
  const operations = owner
    ? [
        row(`list${Many}`, 'one of Ada’s, one of Grace', 'login 1 1 2 2 2 locked'),
        row(`get${One}`, 'of Ada', 'login ok gone ok ok ok locked'),
        row(`get${One}`, 'of Grace', 'login gone ok ok ok ok locked'),
        row(`get${One}`, 'deleted', 'login gone gone gone gone gone locked'),
        row(`get${One}`, 'there is none', 'login gone gone gone gone gone locked'),
        row(`create${One}`, 'of one’s own', 'login ok ok ok ok ok locked'),
        row(`update${One}`, 'of Ada', 'login ok gone ok ok ok locked'),
        row(`delete${One}`, 'of Ada', 'login ok gone no ok ok locked'),
      ]
    : [
        row(`list${Many}`, 'two', 'login 2 2 2 2 2 locked'),
        row(`get${One}`, 'one', 'login ok ok ok ok ok locked'),
        row(`get${One}`, 'deleted', 'login gone gone gone gone gone locked'),
        row(`get${One}`, 'there is none', 'login gone gone gone gone gone locked'),
        row(`create${One}`, 'one', 'login no no ok ok ok locked'),
        row(`update${One}`, 'one', 'login no no ok ok ok locked'),
        row(`delete${One}`, 'one', 'login no no no ok ok locked'),
      ];
  const nested = references(domain).map(({ field, target }) =>
    row(
      `${One}.${relationOf(field)}`,
      `of ${withArticle(title)}${owner ? ' of Ada' : ''}`,
      `login 1 ${owner ? 'gone' : target.tests.everybody ? '1' : '0'} 1 1 1 locked`,
    ),
  );
  return `
import { rows, type Expected } from '#test/matrix/expectations.js';

/**
 * Who may do what, written by hand from the requirements. This file and what it imports import nothing of the product, so
 * nothing that is wrong in the product can make it wrong in the same way. What the words mean: test/matrix/expectations.ts.
 */
export const expected: Expected = {
  operations: rows(\`
${table([['operation', 'situation', ...head], ...operations])}
  \`),
  ${
    nested.length > 0
      ? `nested: rows(\`
${table([['path', 'situation', ...head], ...nested])}
  \`),`
      : ''
  }
  inputs: {
    create${One}: ${literal(['id', ...fields.map((f) => f.name)])},
    update${One}: ${literal(fields.map((f) => f.name))},
    delete${One}: [],
  },
  ${
    owner
      ? `// They belong to accounts.
  service: { create${One}: 'no' },`
      : ''
  }
};
`;
}
/** @param {string[][]} rows */
function table(rows) {
  const widths = rows[0].map((_cell, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map(
      (row) =>
        `  ${row
          .map((cell, column) => cell.padEnd(widths[column]))
          .join(' | ')
          .trimEnd()}`,
    )
    .join('\n');
}

// ---- Rows by the thousand --------------------------------------------------------------------------------------------

/**
 * SQL for the value of a field in the \`g\`-th row.
 * @param {Field} field
 * @param {number} index
 * @param {(groups: number) => string} instant
 */
function seedValue(field, index, instant) {
  const one = plainSeed(field, instant);
  if (!field.nullable) return one;
  return one.map((sql) => `case when g % ${[4, 3, 5, 7][index % 4]} > 0 then ${sql} end`);
}
/** @param {Field} field @param {(groups: number) => string} instant @returns {string[]} */
function plainSeed(field, instant) {
  const { min = 0, max = 1_000_000, maxLength = 500 } = field;
  const low = min > 0 ? min : max < 0 ? min : 0;
  switch (field.kind) {
    case 'text': {
      if (field.unique !== undefined) return [maxLength < 10 ? `g::text` : `'n-' || g`];
      if (field.sample !== undefined) return [sqlText(field.sample)];
      return [maxLength < 10 ? `(g % 9)::text` : `(array['Ada', 'ada', 'Žofia', '😀', '-5', '10'])[g % 6 + 1]`];
    }
    case 'email':
      return [`'${field.name.toLowerCase()}-' || ${field.unique === undefined ? 'g % 9' : 'g'} || '@tandem.example'`];
    case 'int':
    case 'bigint':
      return [field.unique === undefined ? `${low} + g % ${Math.min(7, max - low + 1)}` : `${low} + g`];
    case 'flag':
      return [`g % 3 = 0`];
    case 'instant':
      return [instant(17)];
    case 'choice':
      return [`(array[${(field.values ?? []).map(sqlText).join(', ')}])[g % ${(field.values ?? []).length} + 1]`];
    case 'json':
      return [`jsonb_build_object('number', g % 3)`];
    case 'texts':
      return [`array['common', (g % 5)::text]`.replace('common', 'common'.slice(0, maxLength))];
    case 'money':
      return [`(g % 7) * 100`, `'EUR'`];
    default:
      return [
        field.target
          ? `(select id from ${field.target.table} limit 1)`
          : field.unique === undefined
            ? `md5((g % 9)::text)::uuid`
            : 'gen_random_uuid()',
      ];
  }
}
/** @param {Field} field */
const columnNames = (field) =>
  field.kind === 'money' ? [`${field.column}_amount`, `${field.column}_currency`] : [sqlName(field.column)];

/** @param {Domain} domain */
export function lists(domain) {
  const { names, owner, fields } = domain;
  const columns = ['id', ...allFields(domain).flatMap(columnNames), 'created_at'];
  const values = [
    'gen_random_uuid()',
    ...(owner ? ['$1'] : []),
    ...fields.flatMap((field, i) => seedValue(field, i, (groups) => `\${instant(${groups})}`)),
    '${instant(11)}',
  ];
  return `
import type { TestDatabase } from '#libs/testing/database.js';
import { ${owner ? 'adminId, ' : ''}instant } from '#test/lists/seeds.js';

export const seed${names.Many} = (database: TestDatabase, each: number) =>
  database.sql(
    \`insert into ${domain.table?.sqlName ?? names.table} (${columns.join(', ')})
     select ${values.join(',\n            ')}
     from generate_series(1, $${owner ? 2 : 1}::int) g\`,
    [${owner ? 'adminId, ' : ''}each],
  );
`;
}
/** @param {Domain} domain */
export function accessRows(domain) {
  const { names, owner, fields } = domain;
  const columns = ['id', ...allFields(domain).flatMap(columnNames), 'created_at', 'deleted_at'];
  const values = [
    'gen_random_uuid()',
    ...(owner
      ? [
          `case when g % 4 = 0 then $1::uuid else (select id from users where email = 'user-' || (g % 6 + 1) || '@tandem.example') end`,
        ]
      : []),
    ...fields.flatMap((field, i) => seedValue(field, i, () => `\${instant(4)}`)),
    '${instant(5)}',
    '${deleted}',
  ];
  return `
import type { TestDatabase } from '#libs/testing/database.js';
import { deleted, instant, ${owner ? 'me, ' : ''}rowsEach } from '#test/queries/seeds.js';

export const seed${names.One}Access = (database: TestDatabase) =>
  database.sql(
    \`insert into ${domain.table?.sqlName ?? names.table} (${columns.join(', ')})
     select ${values.join(',\n            ')}
     from generate_series(1, $${owner ? 2 : 1}::int) g\`,
    [${owner ? 'me, ' : ''}rowsEach],
  );
`;
}

// ---- Races and statements ------------------------------------------------------------------------------------------

/** @param {Domain} domain */
export function edits(domain) {
  const { names, owner } = domain;
  const field = edited(domain);
  if (!field) return undefined;
  const { own } = worldsOf(domain);
  return `
import { patchOf, type Edited } from '#test/races/edits.js';
import type { ${own} } from './world.js';

export const edits: Edited<${own}>[] = [
  {
    name: 'the ${field.name} of ${withArticle(names.title)}',
    who: '${owner ? 'ada' : 'support'}',
    field: '${field.name}',
    prepare: async (world) => {
      const id = await world.make${names.One}();
      return patchOf(\`/v1/${names.folder}/\${id}\`, '${field.name}', '${names.One}', 'Update${names.One}Input', id);
    },
  },
];
`;
}
/** @param {Domain} domain */
export function statements(domain) {
  const { names, owner } = domain;
  const { One, one, many, folder, title } = names;
  const { own } = worldsOf(domain);
  const change = changed(domain);
  const writer = owner ? 'ada' : 'support';
  const relations = references(domain).map(({ field }) => relationOf(field));
  return `
import type { StatementRow } from '#test/harness/domain-tests.js';
import type { ${own} } from './world.js';

export const statements: { rows: StatementRow<${own}>[] } = {
  rows: [
    { name: 'a list', sent: 1, ask: ({ clients }) => clients.support.get('/v1/${folder}?limit=20') },
    { name: 'a list with its count', sent: 2, ask: ({ clients }) => clients.support.get('/v1/${folder}?limit=20&count=true') },
    {
      name: 'a list by GraphQL${relations.length > 0 ? `, with ${relations.join(' and ')}` : ''}',
      sent: 1,
      ask: ({ clients }) => clients.support.graphql('{ ${many} { nodes { id ${relations.map((r) => `${r} { id }`).join(' ')} } } }'),
    },
    { name: '${withArticle(title)}', sent: 1, ask: ({ clients, ${one}Ids }) => clients.ada.get(\`/v1/${folder}/\${${one}Ids[0]}\`) },
    {
      name: 'a change of ${withArticle(title)}${owner ? '' : ', with its audit entry'}',
      sent: ${owner ? 5 : 7},
      ask: ({ clients, ${one}Ids }) => clients.${writer}.patch(\`/v1/${folder}/\${${one}Ids[0]}\`, { ${change.name}: ${change.target ? 'null' : literal(valueOf(change, 2))} }),
    },
    { name: 'a list for anonymous', sent: 0, ask: ({ clients }) => clients.anonymous.get('/v1/${folder}') },
    { name: 'a new one that is not valid', sent: 0, ask: ({ clients }) => clients.${writer}.post('/v1/${folder}', { id: 'x' }) },
    {
      name: 'deleting ${withArticle(title)}, with its audit entry',
      sent: 6,
      ask: async ({ clients, make${One} }) => clients.manager.delete(\`/v1/${folder}/\${await make${One}()}\`),
    },
  ],
};
`;
}
