import { Injectable } from '@nestjs/common';
import { Statements } from '#libs/database/statements.js';

/** What an account can be asked for after its password. */
export interface SecondFactors {
  readonly totp: boolean;
  readonly passkeys: boolean;
}
const statement = {
  name: 'identity_second_factors',
  text: `select exists (select from totp_secrets where user_id = $1), exists (select from passkeys where user_id = $1)`,
};
@Injectable()
export class SecondFactorsOf {
  constructor(private readonly statements: Statements) {}

  async account(userId: string): Promise<SecondFactors> {
    const [[totp, passkeys]] = (await this.statements.run(statement, [userId])) as [[boolean, boolean]];
    return { totp, passkeys };
  }
}
