import { Failure } from '../failure.mjs';

/**
 * What a domain is called wherever it has a name, for `support-ticket`.
 * @typedef {object} Names
 * @property {string} one `supportTicket`
 * @property {string} many `supportTickets`
 * @property {string} One `SupportTicket`
 * @property {string} Many `SupportTickets`
 * @property {string} file `support-ticket`
 * @property {string} folder `support-tickets`, also the path in REST
 * @property {string} table `support_tickets`
 * @property {string} code `SUPPORT_TICKET`
 * @property {string} title `support ticket`
 * @property {string} titles `support tickets`
 */

const irregular = new Map([
  ['person', 'people'],
  ['child', 'children'],
  ['man', 'men'],
  ['woman', 'women'],
  ['foot', 'feet'],
  ['tooth', 'teeth'],
  ['mouse', 'mice'],
  ['datum', 'data'],
  ['medium', 'media'],
  ['criterion', 'criteria'],
  ['analysis', 'analyses'],
  ['basis', 'bases'],
  ['crisis', 'crises'],
  ['index', 'indexes'],
  ['status', 'statuses'],
  ['bus', 'buses'],
  ['leaf', 'leaves'],
  ['shelf', 'shelves'],
  ['half', 'halves'],
  ['knife', 'knives'],
  ['life', 'lives'],
  ['movie', 'movies'],
  ['cookie', 'cookies'],
  ['case', 'cases'],
  ['expense', 'expenses'],
  ['invoice', 'invoices'],
]);
const singulars = new Map([...irregular].map(([one, many]) => [many, one]));

/**
 * @param {string} word in lower case
 * @returns {string}
 */
export function pluralOf(word) {
  const known = irregular.get(word);
  if (known) return known;
  if (/[^aeiou]y$/.test(word)) return `${word.slice(0, -1)}ies`;
  return /(s|x|z|ch|sh)$/.test(word) ? `${word}es` : `${word}s`;
}
/**
 * @param {string} word in lower case, a singular or a plural
 * @returns {string}
 */
export function singularOf(word) {
  const known = singulars.get(word);
  if (known || irregular.has(word)) return known ?? word;
  if (/[^aeiou]ies$/.test(word)) return `${word.slice(0, -3)}y`;
  if (/(ss|x|z|ch|sh)es$/.test(word)) return word.slice(0, -2);
  return /[^su]s$/.test(word) ? word.slice(0, -1) : word;
}

/** @param {string} word */
export const capitalized = (word) => word.charAt(0).toUpperCase() + word.slice(1);
/** @param {readonly string[]} words */
const camel = (words) => words.map((word, i) => (i === 0 ? word : capitalized(word))).join('');
/** @param {string} name `totalAmount` or `TotalAmount` */
export const wordsOf = (name) =>
  name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[-_ ]+/);
/** @param {string} name `totalAmount` → `total_amount` */
export const snake = (name) => wordsOf(name).join('_');
/** @param {string} name `total_amount` → `totalAmount` */
export const camelOf = (name) => camel(wordsOf(name));
/** @param {string} text */
export const withArticle = (text) => `${/^([aeio]|un[^i]|up)/i.test(text) ? 'an' : 'a'} ${text}`;

const wellFormed = /^[A-Za-z][A-Za-z0-9]*([-_ ][A-Za-z0-9]+)*$/;

/**
 * @param {string} given `tickets`, `ticket`, `support-ticket`, `SupportTicket`
 * @param {string} [plural] where the rules of English do not lead to it
 * @returns {Names}
 */
export function namesOf(given, plural) {
  for (const name of [given, ...(plural === undefined ? [] : [plural])])
    if (!wellFormed.test(name) || name.length > 40)
      throw new Failure(
        `${JSON.stringify(name)} cannot be the name of a domain.`,
        'Use up to 40 letters and digits, words joined by hyphens, a letter first: support-tickets.',
      );
  const words = wordsOf(given);
  const last = words[words.length - 1];
  const single = [...words.slice(0, -1), plural === undefined ? singularOf(last) : last];
  const several = plural === undefined ? [...words.slice(0, -1), pluralOf(singularOf(last))] : wordsOf(plural);
  const [one, many] = [camel(single), camel(several)];
  if (one === many)
    throw new Failure(
      `The singular and the plural of ${given} would both be ${one}, but a row and a list need different names.`,
      `Give the singular and its plural: npm run generate -- ${given} --plural ${given}-items`,
    );
  return {
    one,
    many,
    One: capitalized(one),
    Many: capitalized(many),
    file: single.join('-'),
    folder: several.join('-'),
    table: several.join('_'),
    code: single.join('_').toUpperCase(),
    title: single.join(' '),
    titles: several.join(' '),
  };
}
