// Takes away what the end of a session rests on, and sees the harm that test/domains/sessions would see.
import { decodeJwt } from 'jose';
import { afterEach, expect, it } from 'vitest';
import { IssuerState } from '#libs/oidc/issuer-state.js';
import { SessionStore } from '#libs/oidc/session-store.js';
import { startWorld, type World } from '#test/harness/world.js';
import { isAskedAgain } from '#test/domains/sessions/asked-again.js';
import { Browser, Instances, me, mobile, signIn, web } from '#test/issuer/client.js';

let world: World;
afterEach(() => world?.app.stop());
async function endAfter(sabotage: () => void) {
  world = await startWorld();
  const instances = new Instances([world.app]);
  const browser = new Browser(instances);
  const lost = await signIn(browser, world.ids.ada, web);
  const { access_token: token } = await signIn(new Browser(instances), world.ids.ada, mobile);
  sabotage();
  const id = decodeJwt(lost.access_token).gid as string;
  const { status } = await instances.fetch(`/v1/sessions/${id}/end`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
  });
  expect(status).toBe(200);
  return { instances, browser, lost };
}
it('a browser that stays signed in begins the next session without asking', async () => {
  const { browser } = await endAfter(() => (world.app.app.get(IssuerState).removeBrowserOf = async () => []));
  expect(await isAskedAgain(browser)).toBe(false);
});
it('a session whose end nobody notes goes on', async () => {
  const { instances, lost } = await endAfter(
    () => (world.app.app.get(SessionStore, { strict: false }).end = async () => []),
  );
  expect((await me(instances, lost.access_token)).status).toBe(200);
});
