import { pagePolicy } from '#libs/http/edge/security-headers.js';
import { html } from '#libs/http/html.js';
import type { Assets } from './assets.js';
import { bar, page } from './docs-page.js';
import type { ApiDescription } from './openapi.js';

export const swaggerPolicy = pagePolicy();

/** Swagger UI for the OpenAPI document of this service, which calls itself `origin`. */
export const swaggerPage = ({ pages, swagger }: Assets, { title, signIn }: ApiDescription, origin: string): string =>
  page({
    title: `REST API · ${title}`,
    description: `The REST API of ${title}, to read and to try.`,
    pages: pages.url,
    head: html`<link rel="stylesheet" href="${swagger.url}/swagger-ui.css" />
      <link rel="stylesheet" href="${pages.url}/code-samples.css" />
      <script src="${swagger.url}/swagger-ui-bundle.js" defer></script>
      <script src="${pages.url}/swagger.js" type="module"></script>`,
    body: html`${bar(title, '/docs')}
      <main
        id="swagger-ui"
        data-url="/openapi/v1.json"
        data-client-id="${signIn.clientId}"
        data-origin="${origin}"
      ></main>
      <noscript
        ><p>
          This page needs JavaScript. The document itself is <a href="/openapi/v1.json">/openapi/v1.json</a>.
        </p></noscript
      >`,
  });

/** Where the window of the sign-in comes back to: hands the code to the page that has opened it, and closes. */
export const swaggerRedirectPage = ({ pages, swagger }: Assets, { title }: ApiDescription): string =>
  page({
    title: `Signed in · ${title}`,
    description: 'The end of signing in for the REST API.',
    pages: pages.url,
    head: html`<script src="${swagger.url}/oauth2-redirect.js" defer></script>`,
    body: html`<main></main>`,
  });
