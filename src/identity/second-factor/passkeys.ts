import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { AuthenticationResponseJSON, RegistrationResponseJSON, WebAuthnCredential } from '@simplewebauthn/server';
import { v7 as uuidv7 } from 'uuid';
import { Config } from '#libs/config/config.js';
import { Statements } from '#libs/database/statements.js';
import type { Account } from '#src/identity/accounts.js';
import { Challenges } from './challenges.js';

export interface Passkey {
  readonly id: string;
  readonly label: string;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
}
/** Whose passkey answered, and how its key is kept. */
export interface PasskeyUse {
  readonly userId: string;
  readonly isHardware: boolean;
}
/** Loaded with the first passkey: it brings readers of all kinds of certificates. */
const webauthn = () => import('@simplewebauthn/server');
const maxPasskeys = 20;

const listStatement = {
  name: 'identity_passkeys',
  text: `select id::text, label, created_at, last_used_at, credential_id, transports
         from passkeys where user_id = $1 order by created_at, id`,
};
const findStatement = {
  name: 'identity_passkey',
  text: `select p.user_id::text, p.public_key, p.counter, p.transports from passkeys p
         join users u on u.id = p.user_id and u.deleted_at is null where p.credential_id = $1`,
};
// Of two answers with one counter the second finds nothing to change; keys that are synchronized do not count at all.
const spendStatement = {
  name: 'identity_spend_passkey',
  text: `update passkeys set counter = $2, backed_up = $3, last_used_at = now()
         where credential_id = $1 and (counter < $2 or (counter = 0 and $2 = 0)) returning id`,
};
const insertStatement = {
  name: 'identity_insert_passkey',
  text: `insert into passkeys (id, user_id, credential_id, public_key, counter, transports, backed_up, label)
         select $1, $2, $3, $4, $5, $6, $7, $8
         where (select count(*) from passkeys where user_id = $2) < ${maxPasskeys}
         on conflict (credential_id) do nothing returning id`,
};
const removeStatement = {
  name: 'identity_remove_passkey',
  text: 'delete from passkeys where id = $1 and user_id = $2 returning label',
};

/** Passkeys (WebAuthn Level 3): discoverable credentials that ask their user for a PIN or a finger. */
@Injectable()
export class Passkeys {
  private readonly origin: string;
  private readonly rpID: string;

  constructor(
    private readonly statements: Statements,
    private readonly challenges: Challenges,
    config: Config,
  ) {
    this.origin = config.http.publicUrl;
    this.rpID = new URL(config.http.publicUrl).hostname;
  }
  async of(userId: string): Promise<Passkey[]> {
    const rows = await this.statements.run(listStatement, [userId]);
    return rows.map(([id, label, createdAt, lastUsedAt]) => ({ id, label, createdAt, lastUsedAt }) as Passkey);
  }
  async registrationOptions(account: Account, service: string, boundTo: string) {
    const { generateRegistrationOptions } = await webauthn();
    const rows = await this.statements.run(listStatement, [account.id]);
    return generateRegistrationOptions({
      rpName: service,
      rpID: this.rpID,
      userID: userHandle(account.id),
      userName: account.email,
      userDisplayName: account.displayName,
      challenge: await this.challenges.make(boundTo),
      attestationType: 'none',
      // So that a device does not get a second one.
      excludeCredentials: rows.map((row) => ({ id: row[4] as string, transports: row[5] as string[] })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
  }
  /** Whether the answer of the browser made a passkey of the account. */
  async add(em: EntityManager, userId: string, answer: string, boundTo: string, label: string): Promise<boolean> {
    const response = parsed(answer) as RegistrationResponseJSON | undefined;
    const verified = response && (await this.registered(response, boundTo));
    if (!verified?.verified) return false;
    const { credential, credentialBackedUp } = verified.registrationInfo;
    const { id, publicKey, counter, transports = [] } = credential;
    const values = [uuidv7(), userId, id, Buffer.from(publicKey), counter, transports, credentialBackedUp, label];
    return (await this.statements.run(insertStatement, values, em)).length > 0;
  }
  /** The label of what was removed. */
  async remove(em: EntityManager, userId: string, id: string): Promise<string | undefined> {
    const [row] = await this.statements.run(removeStatement, [id, userId], em);
    return row?.[0] as string | undefined;
  }
  /** For one account its passkeys only; without one the browser offers whatever it has for us. */
  async authenticationOptions(boundTo: string, userId?: string) {
    const { generateAuthenticationOptions } = await webauthn();
    const rows = userId === undefined ? [] : await this.statements.run(listStatement, [userId]);
    return generateAuthenticationOptions({
      rpID: this.rpID,
      challenge: await this.challenges.make(boundTo),
      userVerification: 'required',
      allowCredentials: rows.map((row) => ({ id: row[4] as string, transports: row[5] as string[] })),
    });
  }
  /** Whose passkey gave this answer to a challenge that was made for this; undefined when it is not right in any way. */
  async authenticate(answer: string, boundTo: string): Promise<PasskeyUse | undefined> {
    const response = parsed(answer) as AuthenticationResponseJSON | undefined;
    if (typeof response?.id !== 'string') return undefined;
    const [row] = await this.statements.run(findStatement, [response.id.slice(0, 1400)]);
    const credential: WebAuthnCredential = {
      id: response.id,
      publicKey: Uint8Array.from((row?.[1] as Buffer | undefined) ?? []),
      counter: (row?.[2] as number | undefined) ?? 0,
      transports: row?.[3] as WebAuthnCredential['transports'],
    };
    const info = await this.authenticated(response, credential, boundTo);
    if (!row || !info) return undefined;
    const userId = row[0] as string;
    const { userHandle: handle } = response.response;
    if (handle !== undefined && !Buffer.from(handle, 'base64url').equals(userHandle(userId))) return undefined;
    const values = [response.id, info.newCounter, info.credentialBackedUp];
    if ((await this.statements.run(spendStatement, values)).length === 0) return undefined;
    return { userId, isHardware: info.credentialDeviceType === 'singleDevice' };
  }
  private async registered(response: RegistrationResponseJSON, boundTo: string) {
    const { verifyRegistrationResponse } = await webauthn();
    return this.verified(boundTo, (expectedChallenge) =>
      verifyRegistrationResponse({
        response,
        expectedChallenge,
        expectedOrigin: this.origin,
        expectedRPID: this.rpID,
        requireUserVerification: true,
      }),
    );
  }
  private async authenticated(response: AuthenticationResponseJSON, credential: WebAuthnCredential, boundTo: string) {
    const { verifyAuthenticationResponse } = await webauthn();
    const answer = await this.verified(boundTo, (expectedChallenge) =>
      verifyAuthenticationResponse({
        response,
        expectedChallenge,
        expectedOrigin: this.origin,
        expectedRPID: this.rpID,
        credential,
        requireUserVerification: true,
      }),
    );
    return answer?.verified ? answer.authenticationInfo : undefined;
  }
  /** The library throws for what is wrong with an answer, and what the database throws goes through it. */
  private async verified<T>(
    boundTo: string,
    verify: (expectedChallenge: (challenge: string) => Promise<boolean>) => Promise<T>,
  ): Promise<T | undefined> {
    const failures: unknown[] = [];
    const take = (challenge: string) =>
      this.challenges.take(challenge, boundTo).catch((error: unknown) => {
        failures.push(error);
        return false;
      });
    const answer = await verify(take).catch(() => undefined);
    if (failures.length > 0) throw failures[0];
    return answer;
  }
}
function parsed(answer: string): unknown {
  try {
    return JSON.parse(answer);
  } catch {
    return undefined;
  }
}
/** The 16 bytes of the account's id: it says nothing about who that is (WebAuthn §14.6.1). */
const userHandle = (userId: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(Buffer.from(userId.replaceAll('-', ''), 'hex'));
