import type { Config } from '#libs/config/config.js';
import { html } from '#libs/http/html.js';
import type { Assets } from './assets.js';
import { page } from './docs-page.js';
import { mailsPath, showsMails } from './mails-page.js';
import type { ApiDescription } from './openapi.js';

const links = [
  ['/docs', 'REST API', 'Every operation, to read and to try in the browser.'],
  ['/graphiql', 'GraphQL API', 'The same data and the same rules, with an editor that knows the schema.'],
  ['/openapi/v1.json', 'OpenAPI 3.1', 'The REST contract for code generators and test tools.'],
  ['/openapi/v1.postman.json', 'Postman collection', 'Every operation as a request, to send one by one or in one run.'],
  ['/schema.graphql', 'GraphQL schema', 'The GraphQL contract in the schema definition language.'],
  ['/docs/errors', 'Error codes', 'What each code means and what to do about it.'],
  ['/health/ready', 'Health', 'Whether this instance takes requests.'],
] as const;

const mails = [[mailsPath, 'Mails', 'What would have been sent; there is no SMTP server.']] as const;

/** What stands at `/`: where to go from here. */
export const startPage = (
  { pages }: Assets,
  { title, summary }: ApiDescription,
  config: Pick<Config, 'environment' | 'demoData' | 'mail'>,
): string =>
  page({
    title,
    description: summary,
    pages: pages.url,
    body: html`<main class="text">
      <h1>${title}</h1>
      <p class="lead">${summary}</p>
      <ul class="cards">
        ${[...links, ...(showsMails(config) ? mails : [])].map(
          ([href, name, what]) =>
            html`<li>
              <a href="${href}">${name}</a>
              <p>${what}</p>
            </li>`,
        )}
      </ul>
      ${
        config.environment === 'development' &&
        html`<section aria-labelledby="token">
          <h2 id="token">A token to try it with</h2>
          <p>In the folder of the service, while it runs:</p>
          <pre tabindex="0"><code>npm run -s token -- ada@tandem.example</code></pre>
          <p>
            It prints an access token that is good for an hour. Give it to “Authorize” in the
            <a href="/docs">REST documentation</a>, or as a header in <a href="/graphiql">GraphiQL</a>:
            <code>{ "Authorization": "Bearer …" }</code>
          </p>
          ${
            config.demoData &&
            html`<p>
              Demo accounts: <code>ada@</code> and <code>grace@</code> (customers), <code>support@</code>,
              <code>manager@</code> and <code>admin@tandem.example</code>, with the password
              <code>try tandem out</code>.
            </p>`
          }
        </section>`
      }
    </main>`,
  });
