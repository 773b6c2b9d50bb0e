import { allMessages, defaultLocale } from '#libs/messages/messages.js';
import { allErrors } from './catalogue.js';
import { allDetailCodes } from './detail-codes.js';

/**
 * The page docs/errors.md, from the rows that the loaded modules have defined: load the whole application first. Each
 * code is a heading, so that `type` of a problem document can point at its anchor.
 */
export function errorsDoc(): string {
  const sections = allErrors().map(({ code, status, description }) =>
    [`### ${code}`, '', `**${status}.** ${description}`, '', `> ${publicTextOf(code)}`, ''].join('\n'),
  );
  const details = allDetailCodes().map(
    ({ code, description }) => `| \`${code}\` | ${cell(description)} | ${cell(publicTextOf(`detail.${code}`))} |`,
  );
  return [
    '# Errors',
    '',
    '<!-- Generated from the catalogue by `npm run docs:api`; do not edit. -->',
    '',
    'REST, GraphQL and streams answer with the same codes. A code never changes its meaning; the text is for people,',
    'comes in the language of `Accept-Language` and may change. REST:',
    '',
    '```json',
    '{ "error": { "code": "VALIDATION_FAILED", "message": "Some input is not valid.",',
    '    "details": [{ "field": "items.0.quantity", "code": "MIN", "message": "This must be at least 1." }],',
    '    "correlationId": "0198c1f2-7c1e-7b7e-9b1e-2f6f3a0c5d10" } }',
    '```',
    '',
    'With `Accept: application/problem+json` the same comes as a problem document (RFC 9457). GraphQL puts `code`,',
    '`details` and `correlationId` into `errors[].extensions`. After 429 and 503, wait for `Retry-After` seconds.',
    '',
    '## Codes',
    '',
    ...sections,
    '## Codes of details',
    '',
    'What `details[].code` says about one field. An empty `field` means the whole body.',
    '',
    '| code | meaning | text |',
    '|---|---|---|',
    ...details,
    '',
  ].join('\n');
}

/** The codes that a page names, in its order; for the proof that page and catalogue agree. */
export function codesOnPage(page: string): { errors: string[]; details: string[] } {
  return {
    errors: [...page.matchAll(/^### ([A-Z][A-Z0-9_]+)$/gm)].map((match) => match[1]),
    details: [...page.matchAll(/^\| `([A-Z][A-Z0-9_]+)` \|/gm)].map((match) => match[1]),
  };
}

const publicTextOf = (key: string): string => allMessages().get(key)?.[defaultLocale] ?? '';

/** A pipe would end the cell. */
const cell = (text: string): string => text.replaceAll('|', '\\|');
