/**
 * Import statements, packages first, then libs, src, test and neighbours; a module without names is left out.
 * @param {Record<string, readonly (string | false | undefined)[]>} modules names by module, types as `type Actor`
 */
export function imports(modules) {
  const rank = (/** @type {string} */ from) =>
    ['@', '#libs', '#src', '#test', './'].findIndex((start) => from.startsWith(start));
  return Object.entries(modules)
    .map(([from, names]) => ({ from, names: [...new Set(names.filter((name) => typeof name === 'string'))] }))
    .filter(({ names }) => names.length > 0)
    .sort((a, b) => order(rank(a.from), rank(b.from)) || order(a.from, b.from))
    .map(({ from, names }) => {
      if (names.every((name) => name.startsWith('type ')))
        return `import type { ${names.map((name) => name.slice(5)).join(', ')} } from '${from}';`;
      return `import { ${names.join(', ')} } from '${from}';`;
    })
    .join('\n');
}
/** @param {string | number} a @param {string | number} b */
const order = (a, b) => (a < b ? -1 : Number(a > b));

/**
 * A value as JavaScript.
 * @param {unknown} value
 */
export const literal = (value) =>
  typeof value === 'number' && Math.abs(value) >= 10_000
    ? String(value).replaceAll(/\B(?=(\d{3})+$)/g, '_')
    : JSON.stringify(value);

/**
 * A text as it stands between single quotes in SQL.
 * @param {string} text
 */
export const sqlText = (text) => `'${text.replaceAll("'", "''")}'`;

/**
 * An options object without what is undefined.
 * @param {Record<string, unknown>} options
 */
export const optionsOf = (options) =>
  `{ ${Object.entries(options)
    .filter(([, value]) => value !== undefined && value !== false)
    .map(([key, value]) => `${key}: ${literal(value)}`)
    .join(', ')} }`;

/**
 * Lines that are there, one below the other.
 * @param {readonly (string | false | undefined)[]} lines
 */
export const lines = (lines) => lines.filter((line) => typeof line === 'string' && line !== '').join('\n');
