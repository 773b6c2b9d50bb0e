import { defineDomainTests } from '#test/harness/domain-tests.js';
import { seedNotificationAccess } from './access-rows.js';
import { calls, paths } from './calls.js';
import { expected } from './expected.js';
import { seedNotifications } from './lists.js';
import { statements } from './statements.js';
import { notificationCases, unreadCases } from './surfaces.js';
import { notificationsWorld } from './world.js';

export const notificationsTests = defineDomainTests({
  name: 'notifications',
  world: notificationsWorld,
  surfaces: (w) => ({ notifications: notificationCases(w), unread: unreadCases() }),
  expected,
  matrix: { calls, paths },
  lists: seedNotifications,
  access: { seed: seedNotificationAccess, subjects: { Notification: null } },
  statements,
});
