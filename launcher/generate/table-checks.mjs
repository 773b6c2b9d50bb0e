import { sqlName } from './reserved.mjs';

/** @typedef {import('./fields.mjs').Field} Field */

/**
 * Takes the bounds of a check over to a field. False: there is more to the check than a field can say.
 * @param {Field} field
 * @param {string} definition as PostgreSQL gives it: `CHECK (((length(name) >= 1) AND (length(name) <= 200)))`
 */
export function readCheck(field, definition) {
  const plain = definition
    .replace(/^CHECK /, '')
    .replaceAll(/::[a-z]+( varying)?(\[\])?/g, '')
    .replaceAll(sqlName(field.column), '@');
  if (/ OR | NOT /.test(plain)) return false;
  return plain.split(' AND ').every((part) => readPart(field, part.replaceAll(/[()]/g, '').trim()));
}
/**
 * @param {Field} field
 * @param {string} part without parentheses: `length@ <= 200`, `@ = ANY ARRAY['a', 'b']`
 */
function readPart(field, part) {
  const [, isLength, operator, number] = /^((?:char(?:acter)?_)?length)?@ (<=|>=|<|>) '?(-?\d+)'?$/.exec(part) ?? [];
  if (operator) {
    const value = Number(number) + (operator === '<' ? -1 : Number(operator === '>'));
    const isUpper = operator.startsWith('<');
    if (isLength ? field.kind !== 'text' : field.kind !== 'int' && field.kind !== 'bigint') return false;
    const [low, high] = isLength
      ? /** @type {const} */ (['minLength', 'maxLength'])
      : /** @type {const} */ (['min', 'max']);
    if (isUpper) field[high] = Math.min(value, field[high] ?? value);
    else field[low] = Math.max(value, field[low] ?? value);
    return true;
  }
  if (part === "@ <> ''" && field.kind === 'text') {
    field.minLength = Math.max(1, field.minLength ?? 1);
    return true;
  }
  if (part === "jsonb_typeof@ = 'object'") return (field.isObject = true);
  const values = /^@ = ANY ARRAY\[(.+)\]$/.exec(part)?.[1];
  if (!values || field.kind !== 'text') return false;
  const texts = [...values.matchAll(/'((?:[^']|'')*)'/g)].map(([, text]) => text.replaceAll("''", "'"));
  if (texts.length > 1 && texts.every((text) => /^[A-Z][A-Z0-9_]*$/.test(text))) {
    field.kind = 'choice';
    field.values = texts;
    delete field.maxLength;
  } else {
    // Values of a choice are in UPPER_SNAKE in both APIs; others are texts of a pattern.
    if (!texts.every((text) => /^[\w .-]+$/.test(text))) return false;
    field.pattern = `^(${texts.map((text) => text.replaceAll('.', '\\.')).join('|')})$`;
    field.sample = texts[0];
    field.maxLength = Math.max(...texts.map((text) => text.length));
    delete field.minLength;
  }
  return true;
}
/**
 * A name for the check that the contract adds to a column.
 * @param {string} table
 * @param {string} column
 */
export const bound = (table, column) => `constraint ${sqlName(`${table}_${column}_bound`.slice(0, 63))}`;
