import { pagePolicy } from '#libs/http/edge/security-headers.js';
import type { Assets } from './assets.js';
import { html, page } from './html.js';

export const swaggerPolicy = pagePolicy();

/** Swagger UI for the OpenAPI document of this service. */
export const swaggerPage = ({ pages, swagger }: Assets): string =>
  page({
    title: 'REST API · Tandem',
    description: 'The REST API of Tandem, to read and to try.',
    pages: pages.url,
    head: html`<link rel="stylesheet" href="${swagger.url}/swagger-ui.css" />
      <script src="${swagger.url}/swagger-ui-bundle.js" defer></script>
      <script src="${pages.url}/swagger.js" defer></script>`,
    body: html`<header class="bar">
        <nav aria-label="Tandem">
          <a href="/">Tandem</a> <a href="/docs" aria-current="page">REST</a> <a href="/graphiql">GraphQL</a>
          <a href="/docs/errors">Errors</a>
        </nav>
      </header>
      <main id="swagger-ui" data-url="/openapi/v1.json"></main>
      <noscript
        ><p>
          This page needs JavaScript. The document itself is <a href="/openapi/v1.json">/openapi/v1.json</a>.
        </p></noscript
      >`,
  });
