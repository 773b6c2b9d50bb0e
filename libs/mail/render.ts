import { defineMessages, message, type Locale, type MessageParams } from '#libs/messages/messages.js';
import { mailTexts } from './locales/texts.js';
import { directionOf, keyOf, type MailPart, type MailTemplate } from './template.js';

defineMessages('mail', mailTexts);

export interface RenderedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}
export interface Letterhead {
  /** Origin of every link. */
  readonly publicUrl: string;
}

const LONGEST_VALUE = 200;
/** Controls, and marks that turn the direction of what follows (Unicode TR 36 §2.2). */
const unprintable = /[\p{Cc}\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]+/gu;
const isolate = { start: '\u2068', end: '\u2069' };
const looksLikeLink = /:\/\/|www\.|[\p{L}\d]\.[\p{L}]{2,}/iu;
const isEmail = /^[^\s@]+@[^\s@]+$/;

/**
 * A name that somebody gave themselves must not end the line, turn the text around it, or become a link: mail programs
 * make one of anything that looks like an address.
 */
function harmless(value: string): string {
  const plain = value.replaceAll(unprintable, ' ').trim();
  const short = plain.length > LONGEST_VALUE ? `${plain.slice(0, LONGEST_VALUE)}…` : plain;
  return looksLikeLink.test(short) && !isEmail.test(short) ? short.replaceAll(/[.:/]/g, ' ') : short;
}
const isolated = (params: MessageParams = {}): MessageParams =>
  Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      typeof value === 'string' ? `${isolate.start}${harmless(value)}${isolate.end}` : value,
    ]),
  );
/** One line, without the marks that only a body needs. */
const headerOf = (text: string): string => text.replaceAll(unprintable, ' ').replaceAll(/\s+/g, ' ').trim();

/** The subject, and the body twice: as text and as HTML, from the same parts. */
export function render<Params extends object>(
  template: MailTemplate<Params>,
  locale: Locale,
  params: Params,
  letterhead: Letterhead,
): RenderedMail {
  const say = (text: string, values?: MessageParams) => message(keyOf(template.name, text), locale, isolated(values));
  const subject = headerOf(say('subject', template.subject?.(params)));
  const footer = message('mail.footer', locale, { host: new URL(letterhead.publicUrl).host });
  const blocks = template.parts(params).map((part) => blockOf(part, say, letterhead.publicUrl));
  return {
    subject,
    text: `${[...blocks.map(({ text }) => text), `-- \n${footer}`].join('\n\n')}\n`,
    html: htmlOf({ locale, subject, blocks: blocks.map(({ html }) => html), footer }),
  };
}

interface Block {
  readonly text: string;
  readonly html: string;
}
function blockOf(part: MailPart, say: (text: string, values?: MessageParams) => string, publicUrl: string): Block {
  if ('code' in part) return { text: part.code, html: `<p style="${styles.code}" dir="ltr">${escaped(part.code)}</p>` };
  if ('paragraph' in part) {
    const text = say(part.paragraph, part.params);
    return { text, html: `<p style="${styles.paragraph}">${escaped(text)}</p>` };
  }
  const label = say(part.link, part.params);
  const url = ownUrl(part.path, publicUrl);
  const link = `<a href="${escaped(url)}" style="${styles.link}">${escaped(label)}</a>`;
  const plain = `<a href="${escaped(url)}" style="${styles.url}" dir="ltr">${escaped(url)}</a>`;
  return {
    text: `${label}\n${url}`,
    html: `<p style="${styles.paragraph}">${link}</p>\n<p style="${styles.small}">${plain}</p>`,
  };
}
/** Never an address that somebody else could have chosen: not the Host of a request, not a parameter. */
function ownUrl(path: string, publicUrl: string): string {
  const url = new URL(path, publicUrl);
  if (!path.startsWith('/') || url.origin !== new URL(publicUrl).origin)
    throw new Error('a mail links to paths of this service only');
  return url.href;
}

const styles = {
  body: 'margin:0;padding:24px;background:#ffffff;color:#1b2426;font-family:system-ui,-apple-system,Segoe UI,Roboto,sans-serif;font-size:16px;line-height:1.55',
  main: 'max-width:560px;margin:0 auto',
  heading: 'margin:0 0 16px;font-size:22px;line-height:1.3',
  paragraph: 'margin:0 0 16px',
  link: 'display:inline-block;padding:10px 18px;border-radius:6px;background:#0a5c5c;color:#ffffff;font-weight:600;text-decoration:none',
  url: 'color:#0a5c5c;word-break:break-all',
  code: 'margin:0 0 16px;font-family:ui-monospace,Menlo,Consolas,monospace;font-size:26px;letter-spacing:3px',
  small: 'margin:0 0 16px;color:#55636a;font-size:13px',
} as const;

const htmlOf = (mail: { locale: Locale; subject: string; blocks: readonly string[]; footer: string }): string =>
  `<!doctype html>
<html lang="${mail.locale}" dir="${directionOf(mail.locale)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(mail.subject)}</title>
</head>
<body style="${styles.body}">
<main style="${styles.main}">
<h1 style="${styles.heading}">${escaped(mail.subject)}</h1>
${mail.blocks.join('\n')}
<p style="${styles.small}">${escaped(mail.footer)}</p>
</main>
</body>
</html>
`;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => entities[character]);
