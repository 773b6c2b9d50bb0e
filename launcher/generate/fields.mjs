import { Failure } from '../failure.mjs';
import { capitalized, snake, wordsOf } from './names.mjs';
import { keywords, reservedFields, reservedInSql } from './reserved.mjs';

/**
 * @typedef {'text' | 'email' | 'int' | 'bigint' | 'flag' | 'instant' | 'choice' | 'money' | 'json' | 'texts' | 'id'} Kind
 *
 * One field of the new domain; everything else about it follows.
 * @typedef {object} Field
 * @property {string} name `dueAt`
 * @property {string} column `due_at`; of money the prefix of its two columns
 * @property {Kind} kind
 * @property {boolean} nullable
 * @property {string} [unique] the index or constraint that lets no two rows have the same value
 * @property {string | number | boolean} [value] what it is unless told
 * @property {number} [min]
 * @property {number} [max]
 * @property {number} [minLength]
 * @property {number} [maxLength]
 * @property {readonly string[]} [values] of a choice
 * @property {boolean} [isObject] of a JSON column whose table says so
 * @property {string} [pattern] of a text
 * @property {string} [sample] a text that fits the pattern
 * @property {import('./project.mjs').Target} [target] the domain that an id leads to
 */

const kinds = new Set(['text', 'email', 'int', 'bigint', 'flag', 'instant', 'choice', 'money', 'json', 'texts', 'id']);
export const fieldsHelp = `\
  text(200)            text of at most 200 characters, 500 unless told; not empty unless it may be null or has a default
  email                an e-mail address, kept in lower case
  int(0..100)          an integer of 32 bits; either bound may be left out
  bigint(0..)          an integer up to 2^53 - 1
  flag                 true or false; false unless told
  instant              a point in time
  choice(LOW,HIGH)     one of these values; the first one unless told
  money                an amount in minor units with its currency
  json                 a JSON object; {} unless told
  texts(40)            a list of texts of at most 40 characters
  id→users             the id of a row of another domain (also id->users, or id alone); named like ownerId
  A kind may be followed by ? (null is allowed), ! (no two rows have the same) and =value (what it is unless told):
  "number:text(20)! subject:text(200) stock:int(0..1000)=0 priority:choice(LOW,HIGH) dueAt:instant? customerId:id→users"`;

export const defaultFields = 'name:text(200) description:text(2000)= status:choice(OPEN,CLOSED)';

const int32 = 2_147_483_647;
const syntax = /^([A-Za-z][A-Za-z0-9]*):([a-z]+)(?:\(([^)]*)\))?(?:(?:→|->)([a-z][A-Za-z0-9-]*))?([?!]*)(?:=(.*))?$/;

/**
 * @param {string} text
 * @param {(plural: string) => import('./project.mjs').Target} targetOf
 * @returns {Field[]}
 */
export function parseFields(text, targetOf) {
  const fields = text
    .split(/\s+/)
    .filter(Boolean)
    .map((one) => parseField(one, targetOf));
  if (fields.length === 0)
    throw new Failure('A domain without fields would hold nothing.', 'Leave --fields out, or name one.');
  checkFields(fields);
  return fields;
}
/**
 * Refuses names that would not compile, that a row has anyway or that two fields share.
 * @param {readonly Field[]} fields
 */
export function checkFields(fields) {
  const taken = new Map();
  for (const field of fields) {
    const { name } = field;
    const refuse = (/** @type {string} */ why) => {
      throw new Failure(`${name} cannot be the name of a field: ${why}.`, 'Choose another name.');
    };
    if (!/^[a-z][A-Za-z0-9]*$/.test(name)) refuse('it must be camelCase, as dueAt');
    if (name.length > 30) refuse('it has more than 30 characters');
    if (reservedFields.has(name)) refuse('every row has it, or lists use it');
    if (keywords.has(name)) refuse('it is a word of JavaScript');
    if (reservedInSql.has(field.column)) refuse('PostgreSQL reserves it');
    for (const property of propertiesOf(field)) {
      if (taken.has(property)) refuse(`${taken.get(property)} is there already`);
      taken.set(property, name);
    }
  }
}
/**
 * Names that a field takes in the entity and the view.
 * @param {Field} field
 */
function propertiesOf(field) {
  if (field.kind === 'money') return [field.name, `${field.name}Amount`, `${field.name}Currency`];
  const relation = relationOf(field);
  return relation ? [field.name, relation] : [field.name];
}
/**
 * `customer` for `customerId→users`.
 * @param {Field} field
 */
export const relationOf = (field) => (field.target ? field.name.replace(/Id$/, '') : undefined);

/**
 * @param {string} text
 * @param {(plural: string) => import('./project.mjs').Target} targetOf
 * @returns {Field}
 */
function parseField(text, targetOf) {
  const refuse = (/** @type {string} */ why) => {
    throw new Failure(`${JSON.stringify(text)} is not a field: ${why}.`, `Fields are name:kind pairs.\n${fieldsHelp}`);
  };
  const [, name, kind, args, target, marks = '', value] = syntax.exec(text) ?? refuse('it must look like name:kind');
  if (!kinds.has(kind)) refuse(`${kind} is no kind`);
  if (target !== undefined && kind !== 'id') refuse('only an id leads to another domain');
  if (target !== undefined && !/.Id$/.test(name)) refuse('the name of an id that leads somewhere ends in Id');
  /** @type {Field} */
  const field = { name, column: snake(name), kind: /** @type {Kind} */ (kind), nullable: marks.includes('?') };
  if (marks.includes('!')) {
    if (!['text', 'email', 'int', 'bigint', 'id'].includes(kind)) refuse(`${kind} cannot be unique`);
    field.unique = '';
  }
  if (target !== undefined) field.target = targetOf(target);
  readArguments(field, args, refuse);
  if (value !== undefined) field.value = readDefault(field, value, refuse);
  else if (!field.nullable) field.value = usualDefault(field);
  if (field.kind === 'text' && !field.nullable && field.value === undefined) field.minLength = 1;
  return field;
}
/**
 * What a field is unless the client says something.
 * @param {Field} field
 */
export function usualDefault(field) {
  if (field.kind === 'choice') return field.values?.[0];
  return field.kind === 'flag' ? false : undefined;
}
/**
 * @param {Field} field
 * @param {string | undefined} args
 * @param {(why: string) => never} refuse
 */
function readArguments(field, args, refuse) {
  switch (field.kind) {
    case 'text':
    case 'texts': {
      const length = Number(args ?? (field.kind === 'text' ? 500 : 100));
      if (!Number.isInteger(length) || length < 1 || length > 10_000) refuse('its length is a number from 1 to 10000');
      field.maxLength = length;
      return;
    }
    case 'int':
    case 'bigint': {
      const largest = field.kind === 'int' ? int32 : Number.MAX_SAFE_INTEGER;
      const [, from, to] = /^(-?\d+)?\.\.(-?\d+)?$/.exec(args ?? '..') ?? refuse('bounds are given as 0..100');
      field.min = Number(from ?? -largest);
      field.max = Number(to ?? largest);
      if (field.min >= field.max || field.min < -largest - 1 || field.max > largest) refuse('its bounds make no range');
      return;
    }
    case 'choice': {
      const values = (args ?? '').split(',').map((one) => one.trim());
      if (values.length < 2 || values.some((one) => !/^[A-Z][A-Z0-9_]{0,39}$/.test(one)))
        refuse('a choice has at least two values in UPPER_SNAKE');
      if (new Set(values).size < values.length) refuse('a value is there twice');
      field.values = values;
      return;
    }
    default:
      if (args !== undefined) refuse(`${field.kind} takes nothing in parentheses`);
  }
}
/**
 * @param {Field} field
 * @param {string} text
 * @param {(why: string) => never} refuse
 */
function readDefault(field, text, refuse) {
  switch (field.kind) {
    case 'text':
      if (text.length > (field.maxLength ?? 0)) refuse('its default is too long');
      return text;
    case 'int':
    case 'bigint': {
      const number = Number(text);
      if (!Number.isSafeInteger(number) || number < (field.min ?? 0) || number > (field.max ?? 0))
        refuse('its default is no integer within its bounds');
      return number;
    }
    case 'flag':
      if (text !== 'true' && text !== 'false') refuse('its default is true or false');
      return text === 'true';
    case 'choice':
      if (!field.values?.includes(text)) refuse('its default is none of its values');
      return text;
    default:
      return refuse(`${field.kind} takes no default`);
  }
}

/**
 * Whether a client has to give it.
 * @param {Field} field
 */
export const isRequired = (field) =>
  !field.nullable && field.value === undefined && field.kind !== 'json' && field.kind !== 'texts';

/**
 * `Due at`
 * @param {Field} field
 */
export const labelOf = (field) => capitalized(wordsOf(relationOf(field) ?? field.name).join(' '));

/**
 * `SupportTicketPriority`
 * @param {import('./names.mjs').Names} names
 * @param {Field} field
 */
export const enumOf = (names, field) => names.One + capitalized(field.name);

/**
 * `SUPPORT_TICKET_NUMBER_TAKEN`
 * @param {import('./names.mjs').Names} names
 * @param {Field} field
 */
export const takenCode = (names, field) => `${names.code}_${snake(field.name).toUpperCase()}_TAKEN`;
