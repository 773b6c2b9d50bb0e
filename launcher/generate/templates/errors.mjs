import { lines, literal } from '../code.mjs';
import { allFields } from '../domain.mjs';
import { labelOf, takenCode } from '../fields.mjs';
import { notFoundDescription, sentencesIn, takenDescription } from '../sentences.mjs';

/** @typedef {import('../domain.mjs').Domain} Domain */

/** @param {Domain} domain */
const uniqueFields = (domain) => allFields(domain).filter((field) => field.unique !== undefined);
/** @param {import('../fields.mjs').Field} field */
const wordOf = (field) => labelOf(field).toLowerCase();

/** @param {Domain} domain */
export function errors(domain) {
  const { names } = domain;
  return `
import { defineErrors } from '#libs/errors/catalogue.js';
import { ${names.one}Texts } from './locales/texts.js';

export const ${names.one}Errors = defineErrors(
  '${names.many}',
  {
    ${lines([
      `${names.code}_NOT_FOUND: { status: 404, description: ${literal(notFoundDescription(names.title))} },`,
      ...uniqueFields(domain).map(
        (field) =>
          `${takenCode(names, field)}: { status: 409, description: ${literal(takenDescription(names.title, wordOf(field)))} },`,
      ),
    ])}
  },
  ${names.one}Texts,
);
`;
}
/** @param {Domain} domain @param {string} locale */
export function texts(domain, locale) {
  const { names } = domain;
  const { notFound, taken, plural } = sentencesIn(locale);
  return JSON.stringify({
    [`${names.code}_NOT_FOUND`]: notFound(names.title),
    ...Object.fromEntries(
      uniqueFields(domain).map((field) => [takenCode(names, field), taken(names.title, wordOf(field))]),
    ),
    // What apps that ask for it are allowed to see or change, on the page of consent.
    [`scope.${names.folder}`]: plural(names.titles),
  });
}
/** The texts of all languages. @param {Domain} domain */
export const textsModule = ({ names, locales }) => `
${locales
  .toSorted()
  .map((locale) => `import ${locale} from './${locale}.json' with { type: 'json' };`)
  .join('\n')}

export const ${names.one}Texts = { ${locales.join(', ')} };
`;
