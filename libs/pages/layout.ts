import { html, type Html } from '#libs/http/html.js';
import { locales, message, type Locale } from '#libs/messages/messages.js';

const languageNames: Readonly<Record<Locale, string>> = {
  en: 'English',
  de: 'Deutsch',
  es: 'Español',
  ar: 'العربية',
  ja: '日本語',
};
const rightToLeft: ReadonlySet<Locale> = new Set(['ar']);

export interface Layout {
  readonly locale: Locale;
  /** Name of the service. */
  readonly service: string;
  readonly title: string;
  readonly body: Html;
  /** Addresses of stylesheets and scripts, all of them files of ours. */
  readonly styles: readonly string[];
  readonly scripts: readonly string[];
  readonly icon: string;
  /** Address of this page in another language; undefined for pages that cannot be asked for again. */
  readonly inLanguage?: (locale: Locale) => string;
  /** It answers a form at an address that can also be asked for. */
  readonly answersForm?: boolean;
  /** Where the browser goes on by itself, in place of this page in its history. */
  readonly goesOnTo?: string;
  /** Sections of the account page need more room than a form. */
  readonly wide?: boolean;
}

/** A whole page. */
export function documentOf(page: Layout): string {
  const { locale, service, title, body, styles, scripts, icon, wide, goesOnTo, answersForm } = page;
  const text = (key: string) => message(key, locale);
  return html`<!doctype html>
    <html lang="${locale}" dir="${rightToLeft.has(locale) ? 'rtl' : 'ltr'}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        ${goesOnTo !== undefined && html`<meta http-equiv="refresh" content="0; url=${goesOnTo}" />`}
        <title>${title} · ${service}</title>
        <link rel="icon" href="${icon}" type="image/svg+xml" />
        ${styles.map((href) => html`<link rel="stylesheet" href="${href}" />`)}
        ${scripts.map((src) => html`<script src="${src}" defer></script>`)}
      </head>
      <body ${answersForm === true && html`data-answers-form`}>
        <a class="skip" href="#content">${text('pages.skip')}</a>
        <header class="top"><span class="brand">${service}</span></header>
        <main id="content" class="${wide ? 'wide' : 'narrow'}">
          <h1>${title}</h1>
          ${body}
        </main>
        <footer>${page.inLanguage && languages(locale, page.inLanguage)}</footer>
      </body>
    </html> `.text;
}
const languages = (current: Locale, inLanguage: (locale: Locale) => string): Html =>
  html`<nav aria-label="${message('pages.language', current)}">
    <ul class="languages">
      ${locales.map(
        (locale) =>
          html`<li>
            <a
              href="${inLanguage(locale)}"
              lang="${locale}"
              hreflang="${locale}"
              ${locale === current && html`aria-current="true"`}
              >${languageNames[locale]}</a
            >
          </li>`,
      )}
    </ul>
  </nav>`;
