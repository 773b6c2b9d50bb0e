import { defineErrors } from '#libs/errors/catalogue.js';
import { graphqlTexts } from './locales/texts.js';

/** What can be wrong with how a document is named. Clients look at the first two texts, so they are no language's. */
export const graphqlErrors = defineErrors(
  'graphql',
  {
    PERSISTED_QUERY_NOT_FOUND: {
      status: 400,
      description: 'No document is known under this hash. Send it once more, together with its text.',
    },
    PERSISTED_QUERY_NOT_SUPPORTED: {
      status: 400,
      description: 'This version of `extensions.persistedQuery` is not supported; `details` says which one is.',
    },
    PERSISTED_QUERY_MISMATCH: {
      status: 400,
      description: 'The hash in `extensions.persistedQuery` is not the SHA-256 hash of the document beside it.',
    },
    QUERY_NOT_LISTED: {
      status: 403,
      description: 'The service only runs documents of its safelist, and this one is not on it.',
    },
  },
  graphqlTexts,
);
