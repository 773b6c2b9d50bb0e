import type { ApiDescription } from '#libs/http/docs/openapi.js';
import { paths } from '#libs/oidc/paths.js';

/** What the OpenAPI document and the start page say of the service as a whole. */
export const apiDescription: ApiDescription = {
  title: 'Tandem',
  version: '1.0.0',
  summary: 'One backend for a company’s mobile apps and its web app: REST and GraphQL from one definition.',
  tags: {
    audit: 'Who did what to what, and when: all of it for admins, what was done to their own account for everybody.',
    catalog: 'Categories and products: everybody reads them, managers write them.',
    meta: 'The rules of inputs and the texts of the catalogue, for clients that check and explain as the service does.',
    notifications: 'What the caller was told: read, unread, to be deleted. Nobody sees those of others.',
    orders: 'Orders, their lines and their way from draft to delivery.',
    roles: 'What accounts may do, by name.',
    users: 'Accounts: the caller’s own profile, and those of others for the staff.',
  },
  signIn: { authorizationPath: paths.authorization, tokenPath: paths.token, clientId: 'tandem-docs' },
  postmanCollection: new URL('./postman-collection.json', import.meta.url),
  exampleQuery: `# Sign in above, or give an access token under "Headers", below.
# Ctrl-Enter runs the query, Ctrl-Space completes what you write.

query LatestOrders {
  orders(first: 5) {
    nodes {
      id
      status
      placedAt
      total {
        amount
        currency
      }
      lines {
        quantity
        name
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`,
  description: `Everything here is also there in [GraphQL](/graphiql), with the same names, rules and error codes.

**Access.** Send \`Authorization: Bearer <access token>\`; under "Authorize" you sign in for one. Operations that say so answer without a token too. What the
caller may not see is answered as if it did not exist.

**Values.** Ids are UUIDs; where a client makes something, it may bring an id of its own. Times are RFC 3339 in UTC.
Money is an integer number of minor units (cents) with its ISO 4217 currency. Unknown input fields are errors.

**Lists** are read page by page: follow \`page.next\` with \`after\`, or the \`Link\` header. Filters are query
parameters (\`status=PLACED,CONFIRMED\`, \`placedAt[gte]=2026-01-01T00:00:00Z\`), \`sort=-placedAt\` sorts, \`fields=id,status\`
chooses what the answer holds. What a list does not offer is an error, never ignored.

**Changes.** \`PATCH\` takes a JSON Merge Patch (RFC 7396): what is left out stays, null empties. Give the \`ETag\` that
a change is based on as \`If-Match\`, and it fails with 412 when somebody else was faster. Every command answers with
the resource as it is then.

**Caching.** Answers carry an \`ETag\`: with \`If-None-Match\` an unchanged one costs a 304 without a body.

**Errors** have one shape and stable codes, explained at [/docs/errors](/docs/errors); texts come in the language of
\`Accept-Language\` (English, German, Spanish, Arabic, Japanese). With \`Accept: application/problem+json\` they are problem documents (RFC 9457).

**Tracing.** Every answer carries \`X-Correlation-Id\`: quote it when something is wrong. \`traceparent\` (W3C) is taken
over. Apps name themselves with \`X-Client-Platform\` and \`X-Client-Version\`.

**Tools.** Every operation shows code samples. The same requests are there as a
[Postman collection](/openapi/v1.postman.json); code generators read [/openapi/v1.json](/openapi/v1.json).`,
};
