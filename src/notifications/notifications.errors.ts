import { defineErrors } from '#libs/errors/catalogue.js';
import { notificationTexts } from './locales/texts.js';

export const notificationErrors = defineErrors(
  'notifications',
  {
    NOTIFICATION_NOT_FOUND: {
      status: 404,
      description: 'There is no such notification, or it is for somebody else.',
    },
  },
  notificationTexts,
);
