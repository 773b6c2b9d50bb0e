import { UsedProofs20261124001205 } from '#libs/authn/migrations/20261124001205-used-proofs.js';
import { IssuerState20261124001210 } from '#libs/oidc/migrations/20261124001210-issuer-state.js';
import { Sessions20261124001220 } from '#src/identity/migrations/20261124001220-sessions.js';
import { SigningKeys20261124001200 } from '#libs/authn/migrations/20261124001200-signing-keys.js';
import { Audit20261124001600 } from '#libs/audit/migrations/20261124001600-audit.js';
import { inOrder } from '#libs/database/migrate.js';
import { Ground20261123000000 } from '#libs/database/migrations/20261123000000-ground.js';
import { StampOrder20261124000500 } from '#libs/database/migrations/20261124000500-stamp-order.js';
import { Attempts20261124001700 } from '#libs/limits/migrations/20261124001700-attempts.js';
import { Jobs20261124001100 } from '#libs/jobs/migrations/20261124001100-jobs.js';
import { Budgets20261124001710 } from '#libs/limits/migrations/20261124001710-budgets.js';
import { RefundOnce20261128001700 } from '#libs/limits/migrations/20261128001700-refund-once.js';
import { Roles20261123000150 } from '#src/access/migrations/20261123000150-roles.js';
import { RolesByAdmins20261124001500 } from '#src/access/migrations/20261124001500-roles-by-admins.js';
import { Catalog20261123000200 } from '#src/catalog/migrations/20261123000200-catalog.js';
import { Identity20261124001300 } from '#src/identity/migrations/20261124001300-identity.js';
import { Notifications20261124000400 } from '#src/notifications/migrations/20261124000400-notifications.js';
import { Orders20261123000300 } from '#src/orders/migrations/20261123000300-orders.js';
import { Users20261123000100 } from '#src/users/migrations/20261123000100-users.js';
import { Identities20261124001410 } from '#src/identity/migrations/20261124001410-identities.js';
import { Clients20261124001400 } from '#src/clients/migrations/20261124001400-clients.js';
import { GrantsOfAccounts20261124001350 } from '#libs/oidc/migrations/20261124001350-grants-of-accounts.js';
import { SessionList20261124001355 } from '#src/identity/migrations/20261124001355-session-list.js';
import { FirstSignIn20261128001300 } from '#src/identity/migrations/20261128001300-first-sign-in.js';
import { NoAccounts20261128001400 } from '#src/clients/migrations/20261128001400-no-accounts.js';
import { NotificationsCreated20261128000400 } from '#src/notifications/migrations/20261128000400-notifications-created.js';

/** Every migration of the project. */
export const migrations = inOrder([
  Ground20261123000000,
  Users20261123000100,
  Roles20261123000150,
  Catalog20261123000200,
  Orders20261123000300,
  Notifications20261124000400,
  Identity20261124001300,
  RolesByAdmins20261124001500,
  StampOrder20261124000500,
  Attempts20261124001700,
  Jobs20261124001100,
  SigningKeys20261124001200,
  Audit20261124001600,
  Budgets20261124001710,
  Clients20261124001400,
  Identities20261124001410,
  UsedProofs20261124001205,
  IssuerState20261124001210,
  Sessions20261124001220,
  GrantsOfAccounts20261124001350,
  SessionList20261124001355,
  FirstSignIn20261128001300,
  NotificationsCreated20261128000400,
  NoAccounts20261128001400,
  RefundOnce20261128001700,
]);
