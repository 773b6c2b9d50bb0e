import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startWorld, type World } from '#test/harness/world.js';
import { Browser, Instances, me, mobile, refresh, signIn, web } from './client.js';

let world: World;
let instances: Instances;
beforeAll(async () => {
  world = await startWorld();
  instances = new Instances([world.app]);
});
afterAll(() => world?.app.stop());

it('gives an app tokens that the API takes', async () => {
  for (const client of [web, mobile]) {
    const tokens = await signIn(new Browser(instances), world.ids.ada, client);
    expect(decodeProtectedHeader(tokens.access_token)).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: 'test' });
    const claims = decodeJwt(tokens.access_token);
    expect(claims).toMatchObject({
      iss: instances.publicUrl,
      aud: 'tandem',
      sub: world.ids.ada,
      client_id: client.clientId,
      scope: 'openid profile email api',
      amr: ['pwd'],
      auth_time: expect.any(Number),
      gid: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(claims.exp! - claims.iat!).toBe(600);
    expect(await me(instances, tokens.access_token)).toMatchObject({ status: 200, body: { id: world.ids.ada } });
    const again = await refresh(instances, client.clientId, tokens.refresh_token);
    expect(again.status, JSON.stringify(again.body)).toBe(200);
    expect(again.body.refresh_token).not.toBe(tokens.refresh_token);
    expect(await me(instances, again.body.access_token)).toMatchObject({ status: 200 });
  }
});
