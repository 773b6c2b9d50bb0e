import { randomUUID } from 'node:crypto';
import { Injectable, type Type } from '@nestjs/common';
import { Secret, TOTP } from 'otpauth';
import { afterEach, expect, it } from 'vitest';
import { Database } from '#libs/database/database.js';
import { Accounts } from '#src/identity/accounts.js';
import { LinkUse } from '#src/identity/links/link-use.js';
import { MailedLinks } from '#src/identity/links/mailed-links.js';
import { Passwords } from '#src/identity/passwords/passwords.js';
import { PasswordHashes } from '#src/identity/passwords/password-hashes.js';
import { Totp } from '#src/identity/second-factor/totp.js';
import { TestApp } from '#test/harness/test-app.js';

let app: TestApp | undefined;
afterEach(() => app?.stop());

async function start<T>(token: Type<T>, sabotaged?: Type<T>): Promise<TestApp> {
  app = await TestApp.start({
    ...(sabotaged && { override: (builder) => builder.overrideProvider(token).useClass(sabotaged) }),
  });
  return app;
}

/** How many of two tries with one code get through. */
async function throughWithOneCode(sabotaged?: Type<Totp>): Promise<number> {
  const { app: nest, database } = await start(Totp, sabotaged);
  const id = randomUUID();
  await database.sql(`insert into users (id, email, display_name) values ($1, $2, 'Ada')`, [id, `${id}@example.com`]);
  const account = (await nest.get(Accounts).find(id))!;
  const totp = nest.get(Totp);
  const { sealed, secret } = totp.offer(account, 'Tandem');
  const code = (seconds: number) =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + seconds * 1000 });
  expect(await nest.get(Database).transaction((em) => totp.enable(em, id, sealed, code(0)))).toBe(true);
  const next = code(30);
  return [await totp.spend(id, next), await totp.spend(id, next)].filter(Boolean).length;
}
it('a code that is checked and not spent lets two through', async () => {
  @Injectable()
  class Blind extends Totp {
    override async spend(userId: string, code: string): Promise<boolean> {
      const { statements } = this as unknown as { statements: { run(s: object, v: unknown[]): Promise<unknown[]> } };
      // The last step is put back, as if nobody had noted it.
      await statements.run({ text: 'update totp_secrets set last_step = 0 where user_id = $1' }, [userId]);
      return super.spend(userId, code);
    }
  }
  expect(await throughWithOneCode()).toBe(1);
  await app!.stop();
  expect(await throughWithOneCode(Blind)).toBe(2);
});

/** Of two that use one link one after the other, how many get through. */
async function throughWithOneLink(sabotaged?: Type<MailedLinks>): Promise<number> {
  const { app: nest, database } = await start(MailedLinks, sabotaged);
  const id = randomUUID();
  const email = `${id}@example.com`;
  await database.sql(`insert into users (id, email, display_name) values ($1, $2, 'Ada')`, [id, email]);
  const { token } = await nest.get(Database).transaction((em) => nest.get(MailedLinks).make(em, email, undefined));
  const choose = (password: string) => nest.get(LinkUse).choosePassword(token, { password, name: 'Ada', locale: 'en' });
  return [await choose('correct horse battery'), await choose('another horse battery')].filter(Boolean).length;
}
it('a link that is looked up and not used up works twice', async () => {
  @Injectable()
  class Lasting extends MailedLinks {
    override use(_em: never, token: string) {
      return this.find(token);
    }
    override async revoke(): Promise<void> {}
  }
  expect(await throughWithOneLink()).toBe(1);
  await app!.stop();
  expect(await throughWithOneLink(Lasting)).toBe(2);
});

/** Hashes for a known and for an unknown address. */
async function hashesFor(sabotaged?: Type<Passwords>): Promise<number[]> {
  const { app: nest, database } = await start(Passwords, sabotaged);
  const id = randomUUID();
  const known = `${id}@example.com`;
  await database.sql(`insert into users (id, email, display_name) values ($1, $2, 'Ada')`, [id, known]);
  await database.sql('insert into passwords (user_id, hash) values ($1, $2)', [
    id,
    await nest.get(PasswordHashes).hash('correct horse battery'),
  ]);
  const hashes = nest.get(PasswordHashes);
  const counts: number[] = [];
  const isPasswordOf = hashes.isPasswordOf.bind(hashes);
  for (const email of [known, `${randomUUID()}@example.com`]) {
    let count = 0;
    hashes.isPasswordOf = (stored, password) => {
      count++;
      return isPasswordOf(stored, password);
    };
    await nest.get(Passwords).accountFor(email, 'wrong horse battery');
    counts.push(count);
  }
  return counts;
}
it('an answer without a hash tells which addresses have an account', async () => {
  @Injectable()
  class Quick extends Passwords {
    override async accountFor(email: string, password: string) {
      const { statements } = this as unknown as { statements: { run(s: object, v: unknown[]): Promise<unknown[]> } };
      const rows = await statements.run({ text: 'select 1 from users where email = $1' }, [email]);
      return rows.length === 0 ? undefined : super.accountFor(email, password);
    }
  }
  expect(await hashesFor()).toEqual([1, 1]);
  await app!.stop();
  expect(await hashesFor(Quick)).toEqual([1, 0]);
});
