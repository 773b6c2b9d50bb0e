import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Secret, TOTP } from 'otpauth';
import { renderSVG } from 'uqr';
import { Statements } from '#libs/database/statements.js';
import type { SealedColumn } from '#libs/secrets/reseal.js';
import { Secrets } from '#libs/secrets/secrets.js';
import type { Account } from '#src/identity/accounts.js';

const purpose = 'totp secret';
export const sealedTotpSecrets: SealedColumn = {
  table: 'totp_secrets',
  id: 'user_id',
  idType: 'uuid',
  sealed: 'sealed',
  purpose,
};
const period = 30;
/** Steps of half a minute that a clock may be off, either way. */
const window = 1;

const findStatement = { name: 'identity_totp', text: 'select sealed from totp_secrets where user_id = $1' };
// A code is good once, and so are all before it: of two requests with the same one, the second finds nothing to change.
const spendStatement = {
  name: 'identity_spend_totp',
  text: 'update totp_secrets set last_step = $2 where user_id = $1 and last_step < $2 returning user_id',
};
const enableStatement = {
  name: 'identity_enable_totp',
  text: `insert into totp_secrets (user_id, sealed, last_step) values ($1, $2, $3)
         on conflict (user_id) do update set sealed = excluded.sealed, last_step = excluded.last_step, created_at = now()`,
};
const disableStatement = { name: 'identity_disable_totp', text: 'delete from totp_secrets where user_id = $1' };

/** A secret that is shown to its owner and not yet in force. */
export interface TotpOffer {
  /** Given back with the first code; opens for this account only. */
  readonly sealed: string;
  readonly secret: string;
  readonly uri: string;
  /** A QR code of the address. */
  readonly svg: string;
}

/** Codes of an authenticator app (RFC 6238: SHA-1, 6 digits, 30 seconds, which is what all of them can). */
@Injectable()
export class Totp {
  constructor(
    private readonly statements: Statements,
    private readonly secrets: Secrets,
  ) {}

  offer(account: Account, issuer: string, sealed?: string): TotpOffer {
    const secret = sealed === undefined ? new Secret({ size: 20 }) : this.opened(sealed, account.id);
    const uri = new TOTP({ issuer, label: account.email, secret }).toString();
    return {
      sealed: sealed ?? this.secrets.seal(purpose, secret.base32, account.id),
      secret: secret.base32,
      uri,
      svg: renderSVG(uri, { pixelSize: 4, border: 3 }),
    };
  }
  /** Whether it was offered to this account, and with a key that we still have. */
  isOffer(account: Account, sealed: string): boolean {
    try {
      this.opened(sealed, account.id);
      return true;
    } catch {
      return false;
    }
  }
  /** Whether the code is one of the offered secret; then the secret is in force. */
  async enable(em: EntityManager, userId: string, sealed: string, code: string): Promise<boolean> {
    const step = stepOf(this.opened(sealed, userId), code);
    if (step === undefined) return false;
    await this.statements.run(enableStatement, [userId, sealed, step], em);
    return true;
  }
  /** Whether the code is right and has not been used. */
  async spend(userId: string, code: string): Promise<boolean> {
    const [row] = await this.statements.run(findStatement, [userId]);
    const step = row && stepOf(this.opened(row[0] as string, userId), code);
    if (step === undefined) return false;
    return (await this.statements.run(spendStatement, [userId, step])).length > 0;
  }
  async disable(em: EntityManager, userId: string): Promise<void> {
    await this.statements.run(disableStatement, [userId], em);
  }
  private opened(sealed: string, userId: string): Secret {
    return Secret.fromBase32(this.secrets.open(purpose, sealed, userId).toString());
  }
}
function stepOf(secret: Secret, typed: string): number | undefined {
  const token = digitsOf(typed);
  if (!/^\d{6}$/.test(token)) return undefined;
  const timestamp = Date.now();
  const delta = TOTP.validate({ secret, token, period, timestamp, window });
  return delta === null ? undefined : Math.floor(timestamp / 1000 / period) + delta;
}
/** Apps show codes in groups, and keyboards of some languages write other digits. */
const digitsOf = (typed: string): string =>
  typed
    .normalize('NFKC')
    .replace(/[\s-]/g, '')
    .replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
    .replace(/[۰-۹]/g, (digit) => String(digit.charCodeAt(0) - 0x6f0));
