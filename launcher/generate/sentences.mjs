import { Failure } from '../failure.mjs';

/**
 * What clients read, by language. The word itself stays English where no translation can be known: a translator finds
 * it between quotes.
 * @type {Record<string, { notFound(title: string): string, taken(title: string, field: string): string, plural(titles: string): string }>}
 */
const sentences = {
  en: {
    notFound: (title) => `There is no such ${title}.`,
    taken: (title, field) => `Another ${title} has this ${field}.`,
    plural: (titles) => titles,
  },
  de: {
    notFound: (title) => `Diesen Eintrag („${title}“) gibt es nicht.`,
    taken: (title, field) => `Ein anderer Eintrag („${title}“) hat diesen Wert schon („${field}“).`,
    plural: (titles) => `Einträge („${titles}“)`,
  },
  es: {
    notFound: (title) => `Este elemento («${title}») no existe.`,
    taken: (title, field) => `Otro elemento («${title}») ya tiene este valor («${field}»).`,
    plural: (titles) => `elementos («${titles}»)`,
  },
  ar: {
    notFound: (title) => `هذا العنصر («${title}») غير موجود.`,
    taken: (title, field) => `عنصر آخر («${title}») له هذه القيمة بالفعل («${field}»).`,
    plural: (titles) => `العناصر («${titles}»)`,
  },
  ja: {
    notFound: (title) => `この項目（${title}）はありません。`,
    taken: (title, field) => `この値（${field}）は別の項目（${title}）で使われています。`,
    plural: (titles) => `項目（${titles}）`,
  },
};
/** @param {string} locale */
export function sentencesIn(locale) {
  const found = sentences[locale];
  if (!found)
    throw new Failure(
      `The generator has no sentences in the language ${locale}.`,
      'Add them in launcher/generate/sentences.mjs, as every message has to be there in every language.',
    );
  return found;
}
/** @param {string} title */
export const notFoundDescription = (title) => `There is no such ${title}, or the caller may not see it.`;
/** @param {string} title @param {string} field */
export const takenDescription = (title, field) => `Another ${title} has this ${field}.`;
