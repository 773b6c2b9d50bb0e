import { defineErrors } from '#libs/errors/catalogue.js';
import { userTexts } from './locales/texts.js';

export const userErrors = defineErrors(
  'users',
  {
    USER_NOT_FOUND: { status: 404, description: 'There is no such user, or the caller may not see them.' },
    LAST_ADMIN: {
      status: 409,
      description: 'Nobody else who is active is an admin, and somebody has to be. Make another user an admin first.',
    },
    SELF_SUSPENSION: { status: 409, description: 'Nobody can suspend their own account.' },
  },
  userTexts,
);
