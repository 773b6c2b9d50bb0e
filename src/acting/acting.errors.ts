import { defineErrors } from '#libs/errors/catalogue.js';
import { actingTexts } from './locales/texts.js';

export const actingErrors = defineErrors(
  'acting',
  {
    ACTING_NOT_POSSIBLE: {
      status: 409,
      description:
        'Nobody can act as this account: it is suspended, the caller’s own, or its roles let it read more than what is its own.',
    },
  },
  actingTexts,
);
