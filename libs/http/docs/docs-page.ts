import { escaped, Html, html } from '#libs/http/html.js';

/** Text with `code` between backticks. */
export const withCode = (text: string): Html =>
  new Html(
    text
      .split('`')
      .map((part, i) => (i % 2 ? `<code>${escaped(part)}</code>` : escaped(part)))
      .join(''),
  );

const places = [
  ['/docs', 'REST'],
  ['/graphiql', 'GraphQL'],
  ['/docs/errors', 'Errors'],
] as const;
/** The links on top of every page but the first. */
export const bar = (title: string, current: (typeof places)[number][0], more?: Html): Html =>
  html`<header class="bar">
    <nav aria-label="${title}">
      <a href="/">${title}</a>
      ${places.map(([href, name]) => html`<a href="${href}" ${href === current && html`aria-current="page"`}>${name}</a>`)}
    </nav>
    ${more}
  </header>`;

export interface Page {
  title: string;
  /** One sentence, for search results and link previews. */
  description: string;
  /** Address of the folder with `pages.css` and `icon.svg`. */
  pages: string;
  head?: Html;
  body: Html;
  /** `app` fills the window, everything else scrolls. */
  layout?: 'app';
}
export const page = ({ title, description, pages, head, body, layout }: Page): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="description" content="${description}" />
        <title>${title}</title>
        <link rel="icon" href="${pages}/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="${pages}/pages.css" />
        ${head}
      </head>
      <body class="${layout}">
        ${body}
      </body>
    </html> `.text;
