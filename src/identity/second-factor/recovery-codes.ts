import { createHmac, randomInt } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Statements } from '#libs/database/statements.js';
import { Secrets } from '#libs/secrets/secrets.js';

const count = 10;
/** No characters that look like others. */
const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';
const length = 10;

const deleteStatement = {
  name: 'identity_delete_recovery_codes',
  text: 'delete from recovery_codes where user_id = $1',
};
const insertStatement = {
  name: 'identity_insert_recovery_codes',
  text: 'insert into recovery_codes (user_id, code_hash) select $1, unnest($2::bytea[])',
};
const useStatement = {
  name: 'identity_use_recovery_code',
  text: `update recovery_codes set used_at = now()
         where user_id = $1 and code_hash = any($2::bytea[]) and used_at is null returning user_id`,
};
const leftStatement = {
  name: 'identity_recovery_codes_left',
  text: 'select count(*)::int from recovery_codes where user_id = $1 and used_at is null',
};

/**
 * Codes on paper for who has lost the other factor. Stored under a keyed hash: they are short enough to be guessed by
 * whoever reads the table, and without our key there is nothing to compare a guess with.
 */
@Injectable()
export class RecoveryCodes {
  constructor(
    private readonly statements: Statements,
    private readonly secrets: Secrets,
  ) {}

  /** New ones instead of those that there were; this is the only time that they can be shown. */
  async make(em: EntityManager, userId: string): Promise<string[]> {
    const codes = Array.from({ length: count }, makeCode);
    await this.delete(em, userId);
    await this.statements.run(insertStatement, [userId, codes.map((code) => this.hashes(userId, code)[0])], em);
    return codes;
  }
  /** Whether it was one, and is no more. */
  async use(userId: string, typed: string): Promise<boolean> {
    const code = typed
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[^a-z0-9]/g, '');
    if (code.length !== length) return false;
    const hashes = this.hashes(userId, `${code.slice(0, 5)}-${code.slice(5)}`);
    return (await this.statements.run(useStatement, [userId, hashes])).length > 0;
  }
  async left(userId: string): Promise<number> {
    const [[left]] = (await this.statements.run(leftStatement, [userId])) as [[number]];
    return left;
  }
  async delete(em: EntityManager, userId: string): Promise<void> {
    await this.statements.run(deleteStatement, [userId], em);
  }
  private hashes(userId: string, code: string): Buffer[] {
    const keys = this.secrets.derive('recovery codes');
    return keys.map((key) => createHmac('sha256', key).update(`${userId} ${code}`).digest());
  }
}
function makeCode(): string {
  const letters = Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('');
  return `${letters.slice(0, 5)}-${letters.slice(5)}`;
}
