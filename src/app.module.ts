import { Module, type DynamicModule } from '@nestjs/common';
import { AuditModule } from '#libs/audit/audit.module.js';
import { AuthnModule } from '#libs/authn/authn.module.js';
import type { Config } from '#libs/config/config.js';
import { DatabaseModule } from '#libs/database/database.module.js';
import { GraphqlModule } from '#libs/graphql/graphql.module.js';
import { JobsModule } from '#libs/jobs/jobs.module.js';
import { LimitsModule } from '#libs/limits/limits.module.js';
import { MailModule } from '#libs/mail/mail.module.js';
import { EgressModule } from '#libs/egress/egress.module.js';
import { EdgeModule } from '#libs/http/edge/edge.module.js';
import { MetaModule } from '#libs/http/meta/meta.module.js';
import { OidcModule } from '#libs/oidc/oidc.module.js';
import { PagesModule } from '#libs/pages/pages.module.js';
import { SecretsModule } from '#libs/secrets/secrets.module.js';
import { TelemetryModule } from '#libs/telemetry/telemetry.module.js';
import { AccessModule } from '#src/access/access.module.js';
import { DatabaseAccessSource } from '#src/access/access-source.js';
import { AuditTrailModule } from '#src/audit/audit.module.js';
import { CatalogModule } from '#src/catalog/catalog.module.js';
import { HealthModule } from '#src/health/health.module.js';
import { LinkedAccounts } from '#src/identity/external/linked-accounts.js';
import { DatabaseAccountClaims } from '#src/identity/database-account-claims.js';
import { RegisteredClients } from '#src/identity/clients/registered-clients.js';
import { DatabaseSessionStore } from '#src/identity/sessions/database-session-store.js';
import { SessionsModule } from '#src/identity/sessions/sessions.module.js';
import { IdentityModule } from '#src/identity/identity.module.js';
import { NotificationsModule } from '#src/notifications/notifications.module.js';
import { OrdersModule } from '#src/orders/orders.module.js';
import { UsersModule } from '#src/users/users.module.js';
import { ConfigModule } from './config.module.js';
import { entities } from './entities.js';
import { ActingModule } from '#src/acting/acting.module.js';
import { ResealingModule } from '#src/secrets/resealing.module.js';
import { ClientsModule } from '#src/clients/clients.module.js';

@Module({})
export class AppModule {
  static forRoot(config: Config): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.forRoot(config),
        TelemetryModule.forRoot(),
        SecretsModule,
        EdgeModule,
        DatabaseModule.forRoot(entities),
        EgressModule,
        JobsModule,
        MailModule,
        AuditModule,
        AuthnModule.forRoot(DatabaseAccessSource, LinkedAccounts),
        LimitsModule,
        PagesModule,
        OidcModule.forRoot({
          accounts: DatabaseAccountClaims,
          clients: RegisteredClients,
          sessions: DatabaseSessionStore,
        }),
        GraphqlModule,
        HealthModule,
        MetaModule,
        AccessModule,
        AuditTrailModule,
        UsersModule,
        IdentityModule,
        SessionsModule,
        NotificationsModule,
        CatalogModule,
        OrdersModule,
        ClientsModule,
        ActingModule,
        ResealingModule,
      ],
    };
  }
}
