import { pagePolicy } from '#libs/http/edge/security-headers.js';
import { html } from '#libs/http/html.js';
import type { Assets } from './assets.js';
import { bar, page } from './docs-page.js';
import type { ApiDescription } from './openapi.js';

/** Beyond our own files, the editor writes style elements and has fonts inside of its styles. */
export const graphiqlPolicy = pagePolicy({
  'style-src': ["'self'", "'unsafe-inline'"],
  'font-src': ["'self'", 'data:'],
  'worker-src': ["'self'"],
});

/** GraphiQL, as the package ruru bundles it. Without introspection it learns the schema from a file. */
export const graphiqlPage = (
  { pages, graphiql }: Assets,
  { title, exampleQuery, signIn }: ApiDescription,
  { introspection }: { introspection: boolean },
): string =>
  page({
    title: `GraphQL · ${title}`,
    description: `The GraphQL API of ${title}, to read and to try.`,
    pages: pages.url,
    layout: 'app',
    head: html`<link rel="modulepreload" href="${graphiql.url}/ruru.js" />
      <link rel="stylesheet" href="${graphiql.url}/ruru.css" />
      <script src="${pages.url}/graphiql.js" type="module"></script>`,
    body: html`${bar(
        title,
        '/graphiql',
        html`<p id="sign-in" class="sign-in" data-client-id="${signIn.clientId}">
          <span role="status"></span>
          <button type="button" name="sign-in" hidden>Sign in</button>
          <button type="button" name="sign-out" hidden>Sign out</button>
        </p>`,
      )}
      <main
        id="graphiql"
        data-static="${graphiql.url}/"
        data-endpoint="/graphql"
        data-schema="${introspection ? '' : '/graphiql/schema.json'}"
        data-query="${exampleQuery}"
      ></main>
      <noscript
        ><p>
          This page needs JavaScript. The schema itself is <a href="/schema.graphql">/schema.graphql</a>.
        </p></noscript
      >`,
  });
