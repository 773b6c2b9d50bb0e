import { defineErrors } from '#libs/errors/catalogue.js';
import { sessionTexts } from './locales/texts.js';

export const sessionErrors = defineErrors(
  'sessions',
  {
    SESSION_NOT_FOUND: { status: 404, description: 'There is no such session, or the caller may not see it.' },
  },
  sessionTexts,
);
