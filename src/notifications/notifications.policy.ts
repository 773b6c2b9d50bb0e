import { definePolicy } from '#libs/authz/policy.js';

/** Everybody signed in has an inbox. Whose a notification is, the definition says: it is personal. */
export const notificationPolicy = definePolicy('notifications', {
  signedIn: [{ action: ['read', 'update', 'delete'], subject: 'Notification' }],
});
