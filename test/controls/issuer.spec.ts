// Each test takes away what a guarantee of the issuer rests on, and sees the harm that test/issuer would see.
import { afterEach, expect, it } from 'vitest';
import { IssuerState } from '#libs/oidc/issuer-state.js';
import { startWorld, type World } from '#test/harness/world.js';
import { Issuer } from '#libs/oidc/issuer.js';
import { Browser, Instances, mobile, refresh, signIn } from '#test/issuer/client.js';
import { usable, whileHeld } from '#test/issuer/storms.js';

let world: World;
afterEach(() => world?.app.stop());
async function start(sabotage: (state: IssuerState) => void) {
  world = await startWorld();
  sabotage(world.app.app.get(IssuerState));
  const instances = new Instances([world.app]);
  const { refresh_token: token } = await signIn(new Browser(instances), world.ids.ada, mobile);
  return { token, again: (one: string) => refresh(instances, mobile.clientId, one) };
}
it('a consume that does not compare forks the family', async () => {
  const { token, again } = await start((state) => {
    // Nobody waits for anybody, nobody looks whether somebody was faster, and what was read is as old as the race.
    const { transaction } = state;
    state.lockGrant = async () => undefined;
    state.member = async () => undefined;
    state.consume = async () => true;
    state.transaction = transaction;
  });
  const answers = [await again(token), await again(token)];
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  expect(new Set(answers.map(({ body }) => body.refresh_token)).size).toBe(2);
  expect(await usable(world, token)).toBeGreaterThan(1);
});
it('a compare-and-set without a grace signs out the client whose answer got lost', async () => {
  const { token, again } = await start((state) => {
    const member = state.member.bind(state);
    state.member = (model, id) => member(model, id, 0);
  });
  const lost = await again(token);
  expect(lost.status).toBe(200);
  expect((await again(token)).body).toMatchObject({ error: 'invalid_grant' });
  expect((await again(lost.body.refresh_token)).body).toMatchObject({ error: 'invalid_grant' });
});
it('without a queue a storm on one token takes every connection', async () => {
  const { token } = await start(() => undefined);
  const { current } = world.app.app.get(Issuer);
  (current as unknown as { turns: Map<string, unknown> }).turns.get = () => undefined;
  const { connections, others } = await whileHeld(world, new Instances([world.app]), token, 30);
  expect(connections).toBeGreaterThan(5);
  expect(others).toContain(503);
});
