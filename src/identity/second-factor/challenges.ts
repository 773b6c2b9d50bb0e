import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Statements } from '#libs/database/statements.js';
import { hashOfToken } from '#src/identity/one-time-token.js';

const insertStatement = {
  name: 'identity_insert_challenge',
  text: `insert into webauthn_challenges (challenge_hash, bound_to, expires_at) values ($1, $2, now() + interval '5 minutes')`,
};
const takeStatement = {
  name: 'identity_take_challenge',
  text: `delete from webauthn_challenges where challenge_hash = $1 and bound_to = $2 and expires_at > now() returning 1`,
};
const purgeStatement = { text: 'delete from webauthn_challenges where expires_at < now()' };

/** Challenges of WebAuthn: good once, for five minutes, for the sign-in or account that asked. */
@Injectable()
export class Challenges {
  constructor(private readonly statements: Statements) {}

  async make(boundTo: string): Promise<Uint8Array<ArrayBuffer>> {
    const challenge = Uint8Array.from(randomBytes(32));
    await this.statements.run(insertStatement, [hashOfToken(Buffer.from(challenge).toString('base64url')), boundTo]);
    return challenge;
  }
  /** Whether it was made for this, in base64url; whatever the answer is, it is gone. */
  async take(challenge: string, boundTo: string): Promise<boolean> {
    return (await this.statements.run(takeStatement, [hashOfToken(challenge), boundTo])).length > 0;
  }
  async purge(): Promise<void> {
    await this.statements.run(purgeStatement, []);
  }
}
