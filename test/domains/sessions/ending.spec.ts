import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { FormBrowser } from '#libs/testing/form-browser.js';
import { PasswordHashes } from '#src/identity/passwords/password-hashes.js';
import { SessionRetention } from '#src/identity/sessions/session-retention.js';
import { TestApp } from '#test/harness/test-app.js';
import { startWorld, type World } from '#test/harness/world.js';
import { Browser, Instances, me, mobile, refresh, signIn, web, type Tokens } from '#test/issuer/client.js';
import { isAskedAgain } from './asked-again.js';

const password = 'correct horse battery';
let world: World;
let second: TestApp;
let instances: Instances;
let id: string;
beforeAll(async () => {
  world = await startWorld({ env: { PUBLIC_URL: 'http://tandem.test' } });
  second = await TestApp.start({ database: world.app.database, issuer: world.app.issuer });
  instances = new Instances([world.app, second]);
});
afterAll(async () => {
  await second?.stop();
  await world?.app.stop();
});
beforeEach(async () => {
  id = await world.makeUser();
});
const sessionOf = ({ access_token: token }: Tokens) => decodeJwt(token).gid as string;
const ask = async (tokens: Tokens, method: string, path: string, body?: object) => {
  const response = await fetch(world.app.url + path, {
    method,
    headers: { authorization: `Bearer ${tokens.access_token}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: response.status, etag: response.headers.get('etag'), body: (await response.json()) as any };
};
/** Refused by each instance within two seconds; some more are for a machine that is busy. */
async function expectOver(tokens: Tokens, clientId: string) {
  for (const one of instances.all)
    await expect
      .poll(async () => (await me(new Instances([one]), tokens.access_token)).status, { timeout: 10_000 })
      .toBe(401);
  expect((await refresh(instances, clientId, tokens.refresh_token)).body).toMatchObject({ error: 'invalid_grant' });
}
const expectOn = async (tokens: Tokens) => expect((await me(instances, tokens.access_token)).status).toBe(200);
const told = (subjectId: string) =>
  world.app.database.sql(
    `select action, actor, "after" from audit_entries where subject = 'Session' and subject_id = $1`,
    [subjectId],
  );

it('the current one is told, to each session another, and an old copy does not hide that', async () => {
  const headers = { 'user-agent': 'Mozilla/5.0 (Linux; Android 14; Pixel 8) Chrome/131.0 Mobile Safari/537.36' };
  const phone = await signIn(new Browser(instances), id, mobile, headers);
  const laptop = await signIn(new Browser(instances), id, web);
  const { body } = await ask(phone, 'GET', '/v1/sessions?fields=id,isCurrent,device,clientName');
  expect(body.data).toEqual([
    expect.objectContaining({ id: sessionOf(laptop), isCurrent: false }),
    { id: sessionOf(phone), isCurrent: true, device: 'Chrome on Android', clientName: 'Tandem' },
  ]);
  const path = `/v1/sessions/${sessionOf(phone)}`;
  const [own, other] = [await ask(phone, 'GET', path), await ask(laptop, 'GET', path)];
  expect([own.body.isCurrent, other.body.isCurrent]).toEqual([true, false]);
  expect(own.etag).not.toBe(other.etag);
});
it('ending one signs out the browser that it was begun in, on both instances, and nothing else', async () => {
  const browser = new Browser(instances);
  const lost = await signIn(browser, id, web);
  const kept = await signIn(new Browser(instances), id, mobile);
  const answer = await ask(kept, 'POST', `/v1/sessions/${sessionOf(lost)}/end`);
  expect(answer.body).toMatchObject({ isEnded: true, endReason: 'ENDED_BY_USER' });
  await expectOver(lost, web.clientId);
  expect(await isAskedAgain(browser)).toBe(true);
  await expectOn(kept);
  expect(await told(sessionOf(lost))).toEqual([
    { action: 'session.end', actor: `user:${id}`, after: expect.objectContaining({ reason: 'ENDED_BY_USER' }) },
  ]);
});
it('ending all but the current one leaves it and its browser', async () => {
  const browser = new Browser(instances);
  const kept = await signIn(browser, id, web);
  const others = [await signIn(new Browser(instances), id, web), await signIn(new Browser(instances), id, mobile)];
  expect((await ask(kept, 'POST', '/v1/sessions/end-all', { exceptCurrent: true })).body).toEqual({ count: 2 });
  await expectOver(others[0], web.clientId);
  await expectOver(others[1], mobile.clientId);
  await expectOn(kept);
  expect(await isAskedAgain(browser)).toBe(false);
  expect((await ask(kept, 'POST', '/v1/sessions/end-all')).body).toEqual({ count: 1 });
  await expectOver(kept, web.clientId);
  expect(await isAskedAgain(browser)).toBe(true);
});
it('the account page lists them, ends one, and all', async () => {
  const hash = await world.app.app.get(PasswordHashes).hash(password);
  await world.app.database.sql('insert into passwords (user_id, hash) values ($1, $2)', [id, hash]);
  const [one, another] = [
    await signIn(new Browser(instances), id, mobile, { 'user-agent': 'TandemApp/3.2 (Android 14)' }),
    await signIn(new Browser(instances), id, web),
  ];
  const who = new FormBrowser(world.app.url, instances.publicUrl);
  const page = await who.submit(await who.get('/account'), { email: `user-${id}@tandem.example`, password });
  expect([page.path, page.text]).toEqual(['/account', expect.stringContaining('TandemApp on Android')]);
  const ofGrace = await signIn(new Browser(instances), world.ids.grace, mobile);
  await who.submit(page, { id: sessionOf(ofGrace) }, '/account/sessions/end');
  await expectOn(ofGrace);
  const done = await who.submit(page, { id: sessionOf(one) }, '/account/sessions/end');
  expect([done.path, done.text]).toEqual([
    '/account?done=session',
    expect.stringContaining('You are signed out there.'),
  ]);
  await expectOver(one, mobile.clientId);
  await expectOn(another);
  const out = await who.submit(done, {}, '/account/sessions/end-all');
  expect(out.path).toMatch(/^\/sign-in\//);
  await expectOver(another, web.clientId);
});
it('what was not used for long expires, and what is long over is gone', async () => {
  const tokens = await signIn(new Browser(instances), id, mobile);
  const kept = await signIn(new Browser(instances), id, mobile);
  const { database, app } = world.app;
  await database.sql(`update sessions set expires_at = now() - interval '1 s' where id = $1`, [sessionOf(tokens)]);
  await app.get(SessionRetention, { strict: false }).tidy();
  await expectOver(tokens, mobile.clientId);
  const state = () => database.sql('select end_reason from sessions where user_id = $1 order by created_at', [id]);
  expect(await state()).toEqual([{ end_reason: 'EXPIRED' }, { end_reason: null }]);
  await database.sql(`update sessions set ended_at = now() - interval '31 days' where id = $1`, [sessionOf(tokens)]);
  await app.get(SessionRetention, { strict: false }).tidy();
  expect(await state()).toEqual([{ end_reason: null }]);
  await expectOn(kept);
});
