import { literal, sqlText } from './code.mjs';
import { labelOf } from './fields.mjs';
import { capitalized, wordsOf } from './names.mjs';
import { sqlName } from './reserved.mjs';

/** @typedef {import('./fields.mjs').Field} Field */

/**
 * What a field means, in one sentence.
 * @param {Field} field
 */
export function descriptionOf(field) {
  if (field.kind === 'id') return `Id of the ${wordsOf(field.name.replace(/Id$/, '')).join(' ')}.`;
  return `${labelOf(field)}${field.unique === undefined ? '' : '; no two have the same'}.`;
}

// ---- SQL -----------------------------------------------------------------------------------------------------------

/**
 * The columns of a field, with what the contract says of its values as checks.
 * @param {Field} field
 * @returns {string[]}
 */
export function columnsOf(field) {
  const column = sqlName(field.column);
  const required = field.nullable ? '' : ' not null';
  const text = (/** @type {string} */ check) => `${column} text${required}${defaultSql(field)} check (${check})`;
  const number = (/** @type {string} */ type) =>
    `${column} ${type}${required}${defaultSql(field)}${checkOfBounds(field)}`;
  switch (field.kind) {
    case 'text':
      return [
        text(
          field.minLength
            ? `length(${column}) between ${field.minLength} and ${field.maxLength}`
            : `length(${column}) <= ${field.maxLength}`,
        ),
      ];
    case 'email':
      return [text(`length(${column}) <= 254 and ${column} = lower(${column})`)];
    case 'choice':
      return [text(`${column} in (${(field.values ?? []).map(sqlText).join(', ')})`)];
    case 'int':
      return [number('int')];
    case 'bigint':
      return [number('bigint')];
    case 'flag':
      return [`${column} boolean${required}${defaultSql(field)}`];
    case 'instant':
      return [`${column} timestamptz(3)${required}`];
    case 'json':
      return [
        `${column} jsonb${field.nullable ? '' : " not null default '{}'"} check (jsonb_typeof(${column}) = 'object')`,
      ];
    case 'texts':
      return [`${column} text[]${field.nullable ? '' : " not null default '{}'"}`];
    case 'money':
      return [
        `${field.column}_amount bigint${required} check (${field.column}_amount between 0 and 100000000000)`,
        `${field.column}_currency text${required} check (${field.column}_currency ~ '^[A-Z]{3}$')`,
        ...(field.nullable ? [`check ((${field.column}_amount is null) = (${field.column}_currency is null))`] : []),
      ];
    default:
      return [`${column} uuid${required}${field.target ? ` references ${field.target.table}` : ''}`];
  }
}
/** @param {Field} field */
function defaultSql(field) {
  if (field.value === undefined) return '';
  return ` default ${typeof field.value === 'string' ? sqlText(field.value) : field.value}`;
}
/** @param {Field} field */
function checkOfBounds({ column, kind, min, max }) {
  const largest = kind === 'int' ? 2_147_483_647 : Number.MAX_SAFE_INTEGER;
  const low = min !== undefined && min > -largest;
  const high = max !== undefined && max < largest;
  if (kind === 'bigint') return ` check (${sqlName(column)} between ${min} and ${max})`;
  if (low && high) return ` check (${sqlName(column)} between ${min} and ${max})`;
  if (low) return ` check (${sqlName(column)} >= ${min})`;
  return high ? ` check (${sqlName(column)} <= ${max})` : '';
}

// ---- Entity --------------------------------------------------------------------------------------------------------

/**
 * The properties of a field in the entity, with their decorators.
 * @param {Field} field
 * @param {string} enumName
 * @returns {string[]}
 */
export function propertiesOf(field, enumName) {
  const { name, nullable, value } = field;
  const type = entityTypeOf(field, enumName);
  const asNamed = name.replaceAll(/([a-z])([A-Z])/g, '$1_$2').toLowerCase() === field.column;
  const options = (/** @type {Record<string, unknown>} */ more) =>
    `{ ${Object.entries({ ...more, ...(!asNamed && { fieldName: field.column }), ...(nullable && { nullable }) })
      .map(([key, one]) => `${key}: ${literal(one)}`)
      .join(', ')} }`;
  /** @type {string} */
  let initial = `!: ${type}`;
  if (nullable) initial = `: ${type} = null`;
  else if (field.kind === 'json' || field.kind === 'choice') {
    const first = field.kind === 'json' ? '{}' : value === undefined ? undefined : `${enumName}.${value}`;
    if (first !== undefined) initial = `: ${type} = ${first}`;
  } else if (field.kind === 'texts') initial = `: ${type} = []`;
  else if (value !== undefined) initial = ` = ${literal(value)}`;
  const property = (/** @type {Record<string, unknown>} */ more) =>
    [`@Property(${options(more)})`, `${name}${initial};`].join('\n');
  switch (field.kind) {
    case 'text':
    case 'email':
    case 'choice':
      return [property({ type: 'text' })];
    case 'int':
      return [property({ type: 'integer' })];
    case 'bigint':
      return [property({ type: 'bigint', runtimeType: 'number' })];
    case 'flag':
      return [property({ type: 'boolean' })];
    case 'instant':
      return [property({ type: 'datetime', columnType: 'timestamptz(3)' })];
    case 'json':
      return [property({ type: 'json', columnType: 'jsonb' })];
    case 'texts':
      return [property({ type: 'array', columnType: 'text[]' })];
    case 'money': {
      const empty = nullable ? ' | null = null' : '';
      const mark = nullable ? '' : '!';
      const more = nullable ? ', nullable: true' : '';
      return [
        `@Property({ type: 'bigint', runtimeType: 'number'${more} })\n${name}Amount${mark}: number${empty};`,
        `@Property({ type: 'text'${more} })\n${name}Currency${mark}: string${empty};`,
      ];
    }
    default: {
      if (!field.target) return [property({ type: 'uuid' })];
      const more = nullable ? ', nullable: true' : '';
      return [
        `@ManyToOne(() => ${field.target.entity}, { mapToPk: true, fieldName: '${field.column}'${more} })\n${name}${initial};`,
      ];
    }
  }
}
/**
 * @param {Field} field
 * @param {string} enumName
 */
function entityTypeOf(field, enumName) {
  const plain = {
    text: 'string',
    email: 'string',
    id: 'string',
    int: 'number',
    bigint: 'number',
    flag: 'boolean',
    instant: 'Date',
    choice: enumName,
    json: 'Record<string, unknown>',
    texts: 'string[]',
    money: 'MoneyView',
  }[field.kind];
  return field.nullable ? `${plain} | null` : plain;
}
/**
 * The type of a field in inputs, and in what the entity takes.
 * @param {Field} field
 * @param {string} enumName
 */
export function inputTypeOf(field, enumName) {
  return entityTypeOf(field, enumName).replace('Date', 'string');
}
/**
 * How an entity takes a value that came in.
 * @param {Field} field
 */
export function takes(field) {
  const { name, nullable } = field;
  const when = `if (${name} !== undefined)`;
  switch (field.kind) {
    case 'instant':
      return [
        `${when} this.${name} = ${nullable ? `${name} === null ? null : new Date(${name})` : `new Date(${name})`};`,
      ];
    case 'email':
    case 'id':
      return [`${when} this.${name} = ${name}${nullable ? '?' : ''}.toLowerCase()${nullable ? ' ?? null' : ''};`];
    case 'json':
      return [
        nullable
          ? `${when} this.${name} = ${name} && patchedJson('${name}', this.${name} ?? {}, ${name});`
          : `${when} this.${name} = patchedJson('${name}', this.${name}, ${name});`,
      ];
    case 'money':
      return nullable
        ? [
            `${when} this.${name}Amount = ${name}?.amount ?? null;`,
            `${when} this.${name}Currency = ${name}?.currency ?? null;`,
          ]
        : [
            `if (${name}) this.${name}Amount = ${name}.amount;`,
            `if (${name}) this.${name}Currency = ${name}.currency;`,
          ];
    default:
      return [`${when} this.${name} = ${name};`];
  }
}

// ---- Contract ------------------------------------------------------------------------------------------------------

/** @type {Record<import('./fields.mjs').Kind, string>} */
export const decorators = {
  text: 'Text',
  email: 'Email',
  int: 'Int',
  bigint: 'BigInteger',
  flag: 'Flag',
  instant: 'Instant',
  choice: 'Choice',
  money: 'Money',
  json: 'Json',
  texts: 'Text',
  id: 'Id',
};
/**
 * What view and inputs say of a field alike.
 * @param {Field} field
 * @returns {Record<string, unknown>}
 */
export function contractOptions(field) {
  const { kind, min, max } = field;
  const largest = kind === 'int' ? 2_147_483_647 : Number.MAX_SAFE_INTEGER;
  return {
    ...(kind === 'texts' && { list: true, maxItems: 20 }),
    nullable: field.nullable || undefined,
    minLength: field.minLength || undefined,
    maxLength: field.maxLength,
    pattern: field.pattern,
    min: min !== undefined && min > -largest ? min : undefined,
    max: max !== undefined && max < largest ? max : undefined,
    description: descriptionOf(field),
    example: exampleOf(field),
  };
}
/** @param {Field} field */
function exampleOf(field) {
  if (field.kind === 'text') return textOf(field, capitalized(wordsOf(field.name).join(' ')));
  if (field.kind === 'texts') return wordsOf(field.name).join('-').slice(0, field.maxLength);
  if (field.kind === 'int' || field.kind === 'bigint') return numberOf(field, 1);
  return undefined;
}

// ---- Lists ---------------------------------------------------------------------------------------------------------

/**
 * What a list can be filtered by: operators by name.
 * @param {Field} field
 * @returns {[string, string[]] | undefined}
 */
export function filterOf(field) {
  switch (field.kind) {
    case 'text':
      return [field.name, field.unique !== undefined || field.pattern ? ['eq', 'in'] : ['contains']];
    case 'email':
      return [field.name, ['eq', 'contains']];
    case 'int':
    case 'bigint':
      return [field.name, ['gte', 'lte']];
    case 'flag':
      return [field.name, ['eq']];
    case 'instant':
      return [field.name, ['gte', 'lt']];
    case 'choice':
      return [field.name, ['eq', 'ne', 'in']];
    case 'money':
      return [`${field.name}Amount`, ['gte', 'lte']];
    case 'texts':
      return [field.name, ['has']];
    case 'id':
      return [field.name, ['eq', 'in']];
    default:
      return undefined;
  }
}
const mostSorts = 4;
/**
 * Names that a list can be sorted by, with their columns: each costs an index, so there are not more than four.
 * @param {readonly Field[]} fields
 * @returns {{ name: string, column: string }[]}
 */
export function sortsOf(fields) {
  const text = fields.find((f) => f.kind === 'text' && !f.nullable && f.unique === undefined && !f.pattern);
  const sortable = fields.filter((f) => f === text || ['int', 'bigint', 'instant', 'money'].includes(f.kind));
  const sorts = sortable
    .filter((f) => f.unique === undefined)
    .map((f) =>
      f.kind === 'money'
        ? { name: `${f.name}Amount`, column: `${f.column}_amount` }
        : { name: f.name, column: f.column },
    );
  return [{ name: 'createdAt', column: 'created_at' }, ...sorts].slice(0, mostSorts);
}

// ---- Values for tests ----------------------------------------------------------------------------------------------

/** @param {Field} field @param {string} text */
function textOf(field, text) {
  if (field.sample !== undefined) return field.sample;
  return text.slice(0, field.maxLength);
}
/** @param {Field} field @param {number} number */
function numberOf({ min = 0, max = 1_000_000 }, number) {
  const low = min > 0 || max < 0 ? min : 0;
  return low + (number % (max - low + 1));
}
/**
 * A value as a client sends it; another one for another `number`, where the kind has one.
 * @param {Field} field
 * @param {number} number 1 to 9
 * @returns {unknown}
 */
export function valueOf(field, number) {
  switch (field.kind) {
    case 'text':
      return (
        field.sample ??
        `${labelOf(field).slice(0, Math.max(0, (field.maxLength ?? 500) - 2))} ${number}`
          .trim()
          .slice(-(field.maxLength ?? 500))
      );
    case 'texts':
      return [`${number}`, 'common'].map((one) => one.slice(0, field.maxLength));
    case 'email':
      return `${wordsOf(field.name).join('-')}-${number}@tandem.example`;
    case 'int':
    case 'bigint':
      return numberOf(field, number);
    case 'flag':
      return number % 2 === 1;
    case 'instant':
      return `2026-0${number}-01T08:00:00.000Z`;
    case 'choice':
      return field.values?.[(number - 1) % field.values.length];
    case 'money':
      return { amount: 100 * number, currency: 'EUR' };
    case 'json':
      return { number };
    default:
      return `0197f5a0-0000-7000-8000-00000000000${number}`;
  }
}
