import { Global, Module, type DynamicModule, type ModuleMetadata, type Type } from '@nestjs/common';
import { AccountClaims } from './account-claims.js';
import { BrowserSession } from './browser-session.js';
import { ClientSource } from './clients.js';
import { EndpointLimits } from './endpoint-limits.js';
import { Interactions } from './interactions.js';
import { Issuer } from './issuer.js';
import { IssuerPages } from './issuer-pages.js';
import { IssuerState } from './issuer-state.js';
import { LogoutNotices } from './logout-notices.js';
import { PurgeJob } from './purge-job.js';
import { SessionStore } from './session-store.js';
import { Sessions } from './sessions.js';
import { Userinfo } from './userinfo.js';

export interface OidcOptions {
  readonly accounts: Type<AccountClaims>;
  readonly clients: Type<ClientSource>;
  readonly sessions: Type<SessionStore>;
  readonly imports?: ModuleMetadata['imports'];
}

/** The OpenID provider; the options say where accounts, clients and sessions are kept. */
@Global()
@Module({})
export class OidcModule {
  static forRoot({ accounts, clients, sessions, imports }: OidcOptions): DynamicModule {
    return {
      module: OidcModule,
      imports,
      providers: [
        { provide: AccountClaims, useClass: accounts },
        { provide: ClientSource, useClass: clients },
        { provide: SessionStore, useClass: sessions },
        IssuerState,
        IssuerPages,
        EndpointLimits,
        Issuer,
        Interactions,
        BrowserSession,
        Sessions,
        Userinfo,
        PurgeJob,
        LogoutNotices,
      ],
      exports: [Issuer, LogoutNotices, Interactions, BrowserSession, Sessions, IssuerState, ClientSource],
    };
  }
}
