import { defineErrors } from '#libs/errors/catalogue.js';
import { clientTexts } from './locales/texts.js';

export const clientErrors = defineErrors(
  'clients',
  {
    CLIENT_NOT_FOUND: { status: 404, description: 'There is no such client, or the caller may not see it.' },
    CLIENT_ID_TAKEN: {
      status: 409,
      description:
        'Another client has, or had, this client id, or it begins like those of the service’s own apps: `tandem-`.',
    },
    CLIENT_WITHOUT_SECRET: {
      status: 409,
      description: 'The client does not prove who it is by a secret: `authMethod` has to be `CLIENT_SECRET` first.',
    },
  },
  clientTexts,
);
