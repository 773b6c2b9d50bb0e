import { defineErrors } from '#libs/errors/catalogue.js';
import { accessTexts } from './locales/texts.js';

export const accessErrors = defineErrors(
  'access',
  {
    ROLE_NOT_FOUND: { status: 404, description: 'There is no such role, or the caller may not see it.' },
  },
  accessTexts,
);
