import { imports, literal } from '../code.mjs';
import { allFields } from '../domain.mjs';
import { isRequired, takenCode } from '../fields.mjs';
import { filterOf, sortsOf, valueOf } from '../kinds.mjs';
import { changed, inputOf } from './test-rows.mjs';
import { uniqueValue, worldsOf } from './test-world.mjs';

/** @typedef {import('../domain.mjs').Domain} Domain */
/** @typedef {import('../fields.mjs').Field} Field */

/** Every case runs over REST and over GraphQL; both must say the same. @param {Domain} domain */
export function surfaces(domain) {
  const { names, owner, fields } = domain;
  const { One, one, many, folder, code } = names;
  const { own } = worldsOf(domain);
  const writer = owner ? 'ada' : 'support';
  const deleter = owner ? 'ada' : 'manager';
  const uniques = fields.filter((f) => f.unique !== undefined);
  const unique = (/** @type {number} */ number) => (/** @type {Field} */ f) => uniqueValue(f, String(1000 + number));
  const fresh = inputOf(domain, { number: 3, user: 'w.ids.ada', unique: unique(3) });
  const everything = inputOf(domain, { number: 4, user: 'w.ids.ada', all: true, unique: unique(4) });
  const shown = allFields(domain).map((f) => f.name);
  const required = fields.filter(isRequired);
  const change = changed(domain);
  const next = `{ ${change.name}: ${change.target ? 'null' : literal(valueOf(change, 2))} }`;
  const nullable = fields.find((f) => f.nullable);
  const notNull = fields.find((f) => !f.nullable);
  const references = fields.filter((f) => f.target);
  const body = [
    `list('all for support', 'count=true', {}, { as: 'support', rows: 2 }),`,
    `list('all for managers', '', {}, { as: 'manager', rows: 2 }),`,
    `list('${owner ? 'their own' : 'all'} for customers', '', {}, { as: 'ada', rows: ${owner ? 1 : 2} }),`,
    `list('nothing for anonymous', '', {}, { as: 'anonymous', outcome: 'UNAUTHENTICATED' }),`,
    `list('nothing for the suspended', '', {}, { as: 'suspended', outcome: 'ACCOUNT_SUSPENDED' }),`,
    ...filterCases(domain),
    ...sortCases(domain),
    `list('no page of none', 'limit=0', { first: 0 }, failed('limit MIN')),`,
    `list('not by words', 'q=thing', { q: 'thing' }, { outcome: 'FILTER_NOT_ALLOWED', refusedBySchema: true }),`,
    `read('one', first, { shows: { version: 1 } }),`,
    `read('some fields', first, { fields: ${literal(['id', shown.at(-1)])} }),`,
    `read('what there is not', nowhere, { outcome: '${code}_NOT_FOUND' }),`,
    `read('what is no id', 'first', { outcome: '${code}_NOT_FOUND' }),`,
    owner && `read('nothing of others', second, { as: 'ada', outcome: '${code}_NOT_FOUND' }),`,
    `create('one', fresh, { shows: { version: 1${owner ? `, ${owner.name}: w.ids.ada` : ''} } }),`,
    `create('one with everything', { id: newId, ...everything }, { as: '${owner ? 'support' : 'manager'}' }),`,
    `create('nothing under an id that is taken', { id: first, ...fresh }, { outcome: 'CONFLICT' }),`,
    required.length > 0 &&
      `create('nothing of nothing', {}, failed(${required
        .map((f) => `'${f.name} REQUIRED'`)
        .sort()
        .join(', ')})),`,
    `create('nothing unknown', { ...fresh, version: 3 }, failed('version UNKNOWN_FIELD')),`,
    ...fields
      .flatMap((f) => wrongValues(f))
      .map(
        ([name, value, detail, bySchema]) =>
          `create('nothing with ${name}', { ...fresh, ${value} }, ${bySchema ? `{ ...failed('${detail}'), refusedBySchema: true }` : `failed('${detail}')`}),`,
      ),
    ...references.map(
      (f) =>
        `create('nothing with a ${f.name} of nobody', { ...fresh, ${f.name}: nowhere }, failed('${f.name} NOT_FOUND')),`,
    ),
    ...uniques.map(
      (f) =>
        `create('nothing with a ${f.name} that is taken', { ...fresh, ${f.name}: taken.${f.name} }, { outcome: '${takenCode(names, f)}' }),`,
    ),
    !owner && `create('nothing as a customer', fresh, { as: 'ada', outcome: 'FORBIDDEN' }),`,
    `create('nothing as anonymous', fresh, { as: 'anonymous', outcome: 'UNAUTHENTICATED' }),`,
    `update('one', first, ${next}, { shows: { version: 2${change.kind === 'text' ? `, ${next.replace(/^\{ | \}$/g, '')}` : ''} } }),`,
    `update('one as support', second, ${next}, { as: 'support' }),`,
    `update('everything', first, everything),`,
    `update('on the right version', first, ${next}, { ifMatch: '"1.x"' }),`,
    `update('nothing on an old version', first, ${next}, { ifMatch: '"9"', outcome: 'PRECONDITION_FAILED' }),`,
    nullable &&
      `update('${nullable.name} to nothing', first, { ${nullable.name}: null }, { shows: { ${nullable.name}: null } }),`,
    notNull &&
      `update('nothing to null', first, { ${notNull.name}: null }, failed('${notNull.name} NULL_NOT_ALLOWED')),`,
    ...uniques.map(
      (f) =>
        `update('nothing to a ${f.name} that is taken', first, { ${f.name}: taken.${f.name} }, { outcome: '${takenCode(names, f)}' }),`,
    ),
    ...references.map(
      (f) =>
        `update('nothing to a ${f.name} of nobody', first, { ${f.name}: nowhere }, failed('${f.name} NOT_FOUND')),`,
    ),
    `update('no id', first, { id: newId }, failed('id UNKNOWN_FIELD')),`,
    owner && `update('no owner', first, { ${owner.name}: w.ids.grace }, failed('${owner.name} UNKNOWN_FIELD')),`,
    `update('nothing that there is not', nowhere, {}, { outcome: '${code}_NOT_FOUND' }),`,
    owner
      ? `update('nothing of others', second, ${next}, { as: 'ada', outcome: '${code}_NOT_FOUND' }),`
      : `update('nothing as a customer', first, ${next}, { as: 'ada', outcome: 'FORBIDDEN' }),`,
    `update('nothing as anonymous', first, ${next}, { as: 'anonymous', outcome: 'UNAUTHENTICATED' }),`,
    `remove('one', first),`,
    `remove('one as a manager', second, { as: 'manager' }),`,
    `remove('one on the right version', first, { ifMatch: '"1.x"' }),`,
    `remove('nothing on an old version', first, { ifMatch: '"2.x"', outcome: 'PRECONDITION_FAILED' }),`,
    `remove('none that there is not', nowhere, { outcome: '${code}_NOT_FOUND' }),`,
    owner && `remove('none of others', second, { as: 'ada', outcome: '${code}_NOT_FOUND' }),`,
    `remove('none as support', ${owner ? 'second' : 'first'}, { as: 'support', outcome: 'FORBIDDEN' }),`,
    `remove('none as anonymous', first, { as: 'anonymous', outcome: 'UNAUTHENTICATED' }),`,
  ].filter((line) => typeof line === 'string');
  const request = (
    /** @type {string} */ verb,
    /** @type {string} */ does,
    /** @type {string} */ as,
    /** @type {string} */ params,
    /** @type {string} */ rest,
    /** @type {string} */ graphql,
  ) => `const ${verb} = (name: string, ${params}, rest: Rest = {}): SurfaceCase => ({
    name: \`${does} \${name}\`,
    as: '${as}',
    outcome: 'OK',
    rest: ${rest},
    graphql: ${graphql},
    ...rest,
  });`;
  return `
${imports({
  uuid: [uniques.some((f) => f.kind === 'id') && 'v7 as uuidv7'],
  '#libs/testing/surfaces.js': ['type SurfaceCase', 'type SurfaceTable'],
  '#test/harness/callers.js': ['nowhere'],
  './world.js': [`type ${own}`],
})}

const newId = '0197f5a0-5a4c-7c3e-9d2b-3f6f5a1b2c3d';
const of${One} = 'id ${shown.join(' ')} createdAt updatedAt version'.split(' ');
type Rest = Partial<SurfaceCase>;
const failed = (...details: string[]): Rest => ({ outcome: 'VALIDATION_FAILED', details });

export async function ${one}Cases(w: ${own}): Promise<SurfaceTable> {
  const [first, second] = w.${one}Ids;
  const both = w.${one}Ids.join();
  ${request('list', 'lists', 'support', 'query: string, args: Record<string, unknown>', `['GET', \`/v1/${folder}?id[in]=\${both}\${query && \`&\${query}\`}\`]`, `['${many}', { ...args, filter: { id: { in: w.${one}Ids }, ...(args.filter as object) } }]`)}
  ${request('read', 'reads', 'support', 'id: string', `['GET', \`/v1/${folder}/\${id}\`]`, `['${one}', { id }]`)}
  ${request('create', 'creates', writer, 'input: unknown', `['POST', '/v1/${folder}', input]`, `['create${One}', { input }]`)}
  ${request('update', 'updates', writer, 'id: string, input: unknown', `['PATCH', \`/v1/${folder}/\${id}\`, input]`, `['update${One}', { id, input }]`)}
  ${request('remove', 'deletes', deleter, 'id: string', `['DELETE', \`/v1/${folder}/\${id}\`]`, `['delete${One}', { id }]`)}
  const fresh = ${fresh};
  const everything = ${everything};
  ${
    uniques.length > 0
      ? `const [taken] = await w.app.database.sql(\`select ${uniques.map((f) => `${f.column} as "${f.name}"`).join(', ')} from ${domain.table?.sqlName ?? names.table} where id = $1\`, [second]);`
      : ''
  }
  return {
    list: of${One},
    document: of${One},
    cases: [
      ${body.join('\n')}
    ],
  };
}
`;
}

/** @param {Domain} domain */
function filterCases(domain) {
  const { owner, fields } = domain;
  const cases = fields
    .filter((f) => !f.target && f.unique === undefined)
    .flatMap((field) => {
      const filter = filterOf(field);
      if (!filter) return [];
      const [name, operators] = filter;
      return operators.map((operator) => filterCase(field, name, operator));
    });
  if (owner)
    cases.push(
      `list('by ${owner.name}', \`${owner.name}=\${w.ids.ada}\`, { filter: { ${owner.name}: { eq: w.ids.ada } } }, { rows: 1 }),`,
      `list('nothing of others for customers', \`${owner.name}=\${w.ids.grace}\`, { filter: { ${owner.name}: { eq: w.ids.grace } } }, { as: 'ada', rows: 0 }),`,
    );
  return cases;
}
/** @param {Field} field @param {string} name @param {string} operator */
function filterCase(field, name, operator) {
  const [one, two] = [1, 2].map((number) => comparable(valueOf(field, number)));
  const value =
    operator === 'in' ? [one, two] : operator === 'has' ? /** @type {any} */ (one)[0] : operator === 'lt' ? two : one;
  const rows = [one, two].filter((each) => matches(each, operator, value)).length;
  const text = encodeURIComponent([value].flat().map(String).join()).replaceAll('%2C', ',').replaceAll("'", '%27');
  const query = operator === 'eq' || operator === 'in' ? `${name}=${text}` : `${name}[${operator}]=${text}`;
  return `list('by ${name} ${operator}', '${query}', { filter: { ${name}: { ${operator}: ${literal(value)} } } }, { rows: ${rows} }),`;
}
/** @param {unknown} value */
const comparable = (value) => (typeof value === 'object' && value !== null && 'amount' in value ? value.amount : value);
/** @param {any} row @param {string} operator @param {any} value */
function matches(row, operator, value) {
  switch (operator) {
    case 'eq':
      return row === value;
    case 'ne':
      return row !== value;
    case 'in':
      return value.includes(row);
    case 'gte':
      return row >= value;
    case 'lte':
      return row <= value;
    case 'lt':
      return row < value;
    case 'has':
      return row.includes(value);
    default:
      return String(row).toLowerCase().includes(String(value).toLowerCase());
  }
}
/** @param {Domain} domain */
function sortCases(domain) {
  return sortsOf(allFields(domain)).flatMap(({ name }) => {
    const field = name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
    return [
      `list('a first page by ${name}', 'limit=1&sort=${name}', { first: 1, sort: [{ field: '${field}' }] }, { rows: 1 }),`,
      `list('by ${name}, descending', 'sort=-${name}', { sort: [{ field: '${field}', direction: 'DESC' }] }, { rows: 2 }),`,
    ];
  });
}
/**
 * What the contract does not let in: a name for it, the property, the detail, and whether GraphQL's types refuse it.
 * @param {Field} field
 * @returns {[string, string, string, boolean][]}
 */
function wrongValues(field) {
  const { name, kind, min = 0, max = 0, maxLength = 0 } = field;
  const largest = kind === 'int' ? 2_147_483_647 : Number.MAX_SAFE_INTEGER;
  switch (kind) {
    case 'text':
      if (field.pattern) return [[`a wrong ${name}`, `${name}: '\\t'`, `${name} FORMAT`, false]];
      return [
        [`a long ${name}`, `${name}: 'x'.repeat(${maxLength + 1})`, `${name} MAX_LENGTH`, false],
        ...(field.minLength
          ? [
              /** @type {[string, string, string, boolean]} */ ([
                `an empty ${name}`,
                `${name}: ''`,
                `${name} MIN_LENGTH`,
                false,
              ]),
            ]
          : []),
      ];
    case 'email':
      return [[`a wrong ${name}`, `${name}: 'nobody'`, `${name} FORMAT`, false]];
    case 'int':
    case 'bigint':
      return [
        ...(max < largest
          ? [
              /** @type {[string, string, string, boolean]} */ ([
                `a large ${name}`,
                `${name}: ${max + 1}`,
                `${name} MAX`,
                false,
              ]),
            ]
          : []),
        ...(min > -largest
          ? [
              /** @type {[string, string, string, boolean]} */ ([
                `a small ${name}`,
                `${name}: ${min - 1}`,
                `${name} MIN`,
                false,
              ]),
            ]
          : []),
        [
          `a broken ${name}`,
          `${name}: ${/** @type {number} */ (valueOf({ ...field, max: max - 1 }, 1)) + 0.5}`,
          `${name} TYPE`,
          true,
        ],
      ];
    case 'flag':
      return [[`a wrong ${name}`, `${name}: 'x'`, `${name} TYPE`, true]];
    case 'instant':
      return [[`a ${name} that is no day`, `${name}: '2026-02-31T00:00:00Z'`, `${name} FORMAT`, true]];
    case 'choice':
      return [[`an unknown ${name}`, `${name}: 'ANOTHER_ONE'`, `${name} ENUM`, true]];
    case 'texts':
      return [[`a long text in ${name}`, `${name}: ['x'.repeat(${maxLength + 1})]`, `${name}.0 MAX_LENGTH`, false]];
    case 'money':
      return [
        [`a wrong currency of ${name}`, `${name}: { amount: 1, currency: 'eur' }`, `${name}.currency FORMAT`, false],
      ];
    case 'json':
      return [[`a list for ${name}`, `${name}: [1]`, `${name} TYPE`, true]];
    default:
      return [[`a ${name} that is no id`, `${name}: 'x'.repeat(36)`, `${name} FORMAT`, false]];
  }
}
