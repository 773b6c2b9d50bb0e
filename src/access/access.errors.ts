import { defineErrors } from '#libs/errors/catalogue.js';
import de from './locales/de.json' with { type: 'json' };
import en from './locales/en.json' with { type: 'json' };

export const accessErrors = defineErrors(
  'access',
  {
    ROLE_NOT_FOUND: { status: 404, description: 'There is no such role, or the caller may not see it.' },
  },
  { en, de },
);
