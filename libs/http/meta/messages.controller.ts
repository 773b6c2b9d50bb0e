import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public } from '#libs/authn/access.guard.js';
import { AppError } from '#libs/errors/app-error.js';
import { commonErrors } from '#libs/errors/common-errors.js';
import { allMessages, defaultLocale, formatLocales, locales, type Locale } from '#libs/messages/messages.js';
import { DocumentOperation } from '../operation.js';
import { PublicDocument } from '../public-document.js';
import { indexSchema, pathSchema, textSchema } from './meta-schemas.js';

const path = '/v1/meta/messages';
const json = 'application/json; charset=utf-8';

const localeSchema = {
  type: 'string',
  enum: [...locales],
  description: 'The language, as in `Accept-Language`.',
};
const formatLocaleSchema = textSchema(
  'By whose rules (BCP 47) the numbers in its texts are written.',
  formatLocales.ar,
);
const directionSchema = { type: 'string', enum: ['ltr', 'rtl'], description: 'Which way it is written.' };
const aboutLocale = (locale: Locale) => ({
  locale,
  formatLocale: formatLocales[locale],
  direction: locale === 'ar' ? 'rtl' : 'ltr',
});
const exampleKey = 'detail.MIN_LENGTH';
const exampleText = 'This must have at least {min, plural, one {# character} other {# characters}}.';

@ApiTags('meta')
@Public()
@Controller({ path: 'meta/messages', version: '1' })
export class MessagesController {
  private documents?: ReadonlyMap<Locale, PublicDocument>;
  private index?: PublicDocument;

  @Get()
  @DocumentOperation({
    id: 'listMessageLocales',
    summary: 'Lists the languages that texts exist in.',
    answer: 'The languages, the one for everybody else first.',
    mediaType: 'application/json',
    schema: indexSchema('The languages, the one for everybody else first.', {
      locale: localeSchema,
      formatLocale: formatLocaleSchema,
      direction: directionSchema,
      name: textSchema('Its name in itself.', 'English'),
      href: pathSchema('Path of its texts.', `${path}/en`),
      etag: textSchema('ETag of its texts: as long as it stays, so do they.', '"gLGJbCbc4hsJ8wyrV1KrNw"'),
    }),
    example: {
      data: [{ ...aboutLocale('en'), name: 'English', href: `${path}/en`, etag: '"gLGJbCbc4hsJ8wyrV1KrNw"' }],
    },
  })
  list() {
    return (this.index ??= new PublicDocument(
      {
        data: [...this.texts()].map(([locale, { etag }]) => ({
          ...aboutLocale(locale),
          name: new Intl.DisplayNames(locale, { type: 'language' }).of(locale),
          href: `${path}/${locale}`,
          etag,
        })),
      },
      json,
    ));
  }

  @Get(':locale')
  @DocumentOperation({
    id: 'getMessages',
    summary: 'Reads all texts of a language, as ICU messages by key.',
    description:
      'Reads all texts of a language, as ICU messages by key: those of errors under their code, those of details under ' +
      '`detail.` and their code, and what else clients show.',
    parameter: { name: 'locale', description: localeSchema.description, schema: localeSchema },
    answer: 'The texts.',
    mediaType: 'application/json',
    schema: {
      type: 'object',
      description: 'The texts of a language.',
      required: ['locale', 'formatLocale', 'direction', 'messages'],
      properties: {
        locale: localeSchema,
        formatLocale: formatLocaleSchema,
        direction: directionSchema,
        messages: {
          type: 'object',
          description: 'ICU messages by key.',
          additionalProperties: textSchema('An ICU message.', exampleText),
          maxProperties: 10_000,
        },
      },
    },
    example: {
      ...aboutLocale(defaultLocale),
      messages: { VALIDATION_FAILED: 'Some input is not valid.', [exampleKey]: exampleText },
    },
  })
  get(@Param('locale') locale: string) {
    const found = this.texts().get(locale as Locale);
    if (!found) throw new AppError(commonErrors.NOT_FOUND);
    return found;
  }

  private texts(): ReadonlyMap<Locale, PublicDocument> {
    const rows = [...allMessages()].sort(([a], [b]) => (a < b ? -1 : 1));
    return (this.documents ??= new Map(
      locales.map((locale) => [
        locale,
        new PublicDocument(
          { ...aboutLocale(locale), messages: Object.fromEntries(rows.map(([key, row]) => [key, row[locale]])) },
          json,
          locale,
        ),
      ]),
    ));
  }
}
