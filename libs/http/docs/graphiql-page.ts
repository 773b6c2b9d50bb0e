import { pagePolicy } from '#libs/http/edge/security-headers.js';
import type { Assets } from './assets.js';
import { html, page } from './html.js';

/** The editor writes style elements, which is the one thing that it needs beyond our own files. */
export const graphiqlPolicy = pagePolicy({
  'style-src': ["'self'", "'unsafe-inline'"],
  'worker-src': ["'self'"],
});

/** GraphiQL, as the package ruru bundles it. Without introspection it learns the schema from a file. */
export const graphiqlPage = ({ pages, graphiql }: Assets, { introspection }: { introspection: boolean }): string =>
  page({
    title: 'GraphQL · Tandem',
    description: 'The GraphQL API of Tandem, to read and to try.',
    pages: pages.url,
    head: html`<link rel="modulepreload" href="${graphiql.url}/ruru.js" />
      <link rel="stylesheet" href="${graphiql.url}/ruru.css" />
      <script src="${pages.url}/graphiql.js" type="module"></script>`,
    body: html`<main
        id="graphiql"
        data-static="${graphiql.url}/"
        data-endpoint="/graphql"
        data-schema="${introspection ? '' : '/graphiql/schema.json'}"
      ></main>
      <noscript
        ><p>
          This page needs JavaScript. The schema itself is <a href="/schema.graphql">/schema.graphql</a>.
        </p></noscript
      >`,
  });
