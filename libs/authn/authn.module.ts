import {
  Global,
  Module,
  type DynamicModule,
  type OnApplicationBootstrap,
  type Provider,
  type Type,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { PassportModule } from '@nestjs/passport';
import { Roles } from '#libs/authz/roles.js';
import { RowCommands } from '#libs/authz/row-commands.js';
import { ExternalAccounts } from './external/external-accounts.js';
import { ExternalTokens } from './external/external-tokens.js';
import { AccessGuard } from './access.guard.js';
import { AccessSource, AccessState } from './access-state.js';
import { DpopProofs } from './dpop-proofs.js';
import { SigningKeys } from './signing-keys.js';
import { Refusals } from './refusals.js';
import { TokenStrategy } from './token.strategy.js';
import { TokenVerifier } from './token-verifier.js';
import { UsedProofs } from './used-proofs.js';

/** Authentication for every handler; `source` says where accounts and roles are kept, `external` whom identities of others mean. */
@Global()
@Module({})
export class AuthnModule implements OnApplicationBootstrap {
  constructor(private readonly state: AccessState) {}

  static forRoot(source: Type<AccessSource>, external: Type<ExternalAccounts>): DynamicModule {
    const providers: Provider[] = [
      Roles,
      RowCommands,
      AccessState,
      SigningKeys,
      UsedProofs,
      DpopProofs,
      ExternalTokens,
      TokenVerifier,
      TokenStrategy,
      Refusals,
      { provide: AccessSource, useClass: source },
      { provide: ExternalAccounts, useClass: external },
      AccessGuard,
      { provide: APP_GUARD, useExisting: AccessGuard },
    ];
    return {
      module: AuthnModule,
      imports: [PassportModule],
      providers,
      exports: [Roles, RowCommands, AccessState, SigningKeys, UsedProofs, TokenVerifier, TokenStrategy, AccessGuard],
    };
  }
  onApplicationBootstrap(): void {
    this.state.start();
  }
}
