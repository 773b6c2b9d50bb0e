import type { DomainTests } from '#test/harness/domain-tests.js';
import { accessTests } from './access/access.tests.js';
import { auditTests } from './audit/audit.tests.js';
import { catalogTests } from './catalog/catalog.tests.js';
import { notificationsTests } from './notifications/notifications.tests.js';
import { ordersTests } from './orders/orders.tests.js';
import { usersTests } from './users/users.tests.js';
import { actingTests } from './acting/acting.tests.js';
import { sessionsTests } from './sessions/sessions.tests.js';
import { clientsTests } from './clients/clients.tests.js';

/** The domains whose rows the runners take. A domain builds on the world of those before it. */
export const domains: readonly DomainTests[] = [
  usersTests,
  accessTests,
  auditTests,
  notificationsTests,
  catalogTests,
  ordersTests,
  clientsTests,
  actingTests,
  sessionsTests,
];
