import { allErrors } from '#libs/errors/catalogue.js';
import { allDetailCodes } from '#libs/errors/detail-codes.js';
import { allMessages, defaultLocale } from '#libs/messages/messages.js';
import { html } from '#libs/http/html.js';
import type { Assets } from './assets.js';
import { errorAnchor } from './error-responses.js';
import { bar, page, withCode } from './docs-page.js';
import type { ApiDescription } from './openapi.js';

const textOf = (key: string): string => allMessages().get(key)?.[defaultLocale] ?? '';

/** The catalogue as a page; `type` of a problem document points at the anchor of its code. */
export const errorsPage = ({ pages }: Assets, { title }: ApiDescription): string =>
  page({
    title: `Errors · ${title}`,
    description: `Every error code of ${title} and what to do about it.`,
    pages: pages.url,
    body: html`${bar(title, '/docs/errors')}
      <main class="text">
        <h1>Errors</h1>
        <p>
          REST and GraphQL answer with the same codes. A code never changes its meaning; the text is for people and
          comes in the language of <code>Accept-Language</code>. After 429 and 503, wait for
          <code>Retry-After</code> seconds.
        </p>
        <pre tabindex="0"><code>{ "error": { "code": "VALIDATION_FAILED", "message": "Some input is not valid.",
    "details": [{ "field": "lines.0.quantity", "code": "MIN", "message": "This must be at least 1." }],
    "correlationId": "0198c1f2-7c1e-7b7e-9b1e-2f6f3a0c5d10" } }</code></pre>
        <p>
          With <code>Accept: application/problem+json</code> the same comes as a problem document (RFC 9457). GraphQL
          puts <code>code</code>, <code>details</code> and <code>correlationId</code> into
          <code>errors[].extensions</code>.
        </p>
        <h2 id="codes">Codes</h2>
        ${allErrors().map(
          ({ code, status, description }) =>
            html`<section class="code" aria-labelledby="${errorAnchor(code)}">
              <h3 id="${errorAnchor(code)}">
                <a href="#${errorAnchor(code)}">${code}</a> <span class="status">${status}</span>
              </h3>
              <p>${withCode(description)}</p>
              <p class="said">${textOf(code)}</p>
            </section>`,
        )}
        <h2 id="details">Codes of details</h2>
        <p>What <code>details[].code</code> says about one field. An empty <code>field</code> means the whole body.</p>
        <div class="wide" tabindex="0" role="region" aria-labelledby="details">
          <table>
            <thead>
              <tr>
                <th scope="col">Code</th>
                <th scope="col">Meaning</th>
                <th scope="col">Text</th>
              </tr>
            </thead>
            <tbody>
              ${allDetailCodes().map(
                ({ code, description }) =>
                  html`<tr id="detail-${errorAnchor(code)}">
                    <th scope="row">${code}</th>
                    <td>${withCode(description)}</td>
                    <td>${textOf(`detail.${code}`)}</td>
                  </tr>`,
              )}
            </tbody>
          </table>
        </div>
      </main>`,
  });
