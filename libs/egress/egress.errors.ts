import { defineErrors } from '#libs/errors/catalogue.js';
import { egressTexts } from './locales/texts.js';

/** What may be said of a URL of others. Nothing of what answered there, or whether anything did: it may be our inside. */
export const egressErrors = defineErrors(
  'egress',
  {
    URL_NOT_ALLOWED: {
      status: 400,
      description:
        'The address cannot be used: it must start with `https://` or `http://`, name a public host, no user and no unusual port.',
    },
    REMOTE_FAILED: {
      status: 502,
      description: 'The address of another service did not give a usable answer.',
    },
  },
  egressTexts,
);
