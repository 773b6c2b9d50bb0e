// Each test takes away what a guarantee of the issuer rests on, and sees the harm that test/issuer would see.
import { afterEach, expect, it } from 'vitest';
import { hashOf, IssuerState } from '#libs/oidc/issuer-state.js';
import { startWorld, type World } from '#test/harness/world.js';
import { Browser, Instances, mobile, refresh, signIn } from '#test/issuer/client.js';

let world: World;
afterEach(() => world?.app.stop());
async function start(sabotage: (state: IssuerState) => void) {
  world = await startWorld();
  sabotage(world.app.app.get(IssuerState));
  const instances = new Instances([world.app]);
  const { refresh_token: token } = await signIn(new Browser(instances), world.ids.ada, mobile);
  return { token, again: (one: string) => refresh(instances, mobile.clientId, one) };
}
/** Successors that could be used, of all that came of the same grant. */
const usable = async (token: string) => {
  const [{ count }] = await world.app.database.sql(
    `select count(*)::int from issuer_state where model = 'RefreshToken' and consumed_at is null
       and grant_id = (select grant_id from issuer_state where model = 'RefreshToken' and id = $1)`,
    [hashOf(token)],
  );
  return count as number;
};

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
  expect(await usable(token)).toBeGreaterThan(1);
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
