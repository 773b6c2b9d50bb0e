// The web app of docs/authentication.md, as it stands there, against the service.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as oidc from 'openid-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startWorld, type World } from '../harness/world.js';
import { Browser, finishSignIn, Instances } from '../issuer/client.js';
import { projectRoot } from '../launcher/launched.js';

interface WebApp {
  signIn(more?: Record<string, string>): Promise<void>;
  comeBack(): Promise<{ sub: string }>;
  call(path: string, init?: RequestInit): Promise<Response>;
  signOut(): Promise<void>;
}
let world: World;
let instances: Instances;
beforeAll(async () => {
  world = await startWorld();
  instances = new Instances([world.app]);
});
afterAll(() => world?.app.stop());

const location = {
  href: 'http://localhost:5173/',
  assign(address: string) {
    this.href = address;
  },
};
/** Every call that the app makes of the API, by its answer; the next one's token is spoilt when `spoil` says so. */
const answers: number[] = [];
let spoil = false;

async function webApp(): Promise<WebApp> {
  const text = readFileSync(join(projectRoot, 'docs/authentication.md'), 'utf8');
  const [, snippet] = /```js\n(import \* as oidc [\s\S]*?)```/.exec(text)!;
  const code = snippet
    .replace(/^import .*$/m, '')
    .replace(/^export /gm, '')
    .replace('https://tandem.example', instances.publicUrl);
  const reachable = {
    ...oidc,
    discovery: (...args: Parameters<typeof oidc.discovery>) =>
      oidc.discovery(args[0], args[1], args[2], args[3], {
        execute: [oidc.allowInsecureRequests],
        [oidc.customFetch]: ((url: string, init: RequestInit) => instances.fetch(url, init)) as never,
      }),
  };
  const kept = new Map<string, string>();
  const sessionStorage = {
    setItem: (name: string, value: string) => kept.set(name, value),
    getItem: (name: string) => kept.get(name) ?? null,
    removeItem: (name: string) => kept.delete(name),
  };
  const send = async (address: string, init: RequestInit) => {
    const headers = { ...(init.headers as Record<string, string>), ...(spoil && { authorization: 'Bearer expired' }) };
    spoil = false;
    const answer = await instances.fetch(address, { ...init, headers });
    answers.push(answer.status);
    return answer;
  };
  const AsyncFunction = (async () => undefined).constructor as FunctionConstructor;
  const run = AsyncFunction(
    'oidc',
    'location',
    'sessionStorage',
    'fetch',
    `${code}\nreturn { signIn, comeBack, call, signOut };`,
  ) as unknown as (...parts: unknown[]) => Promise<WebApp>;
  return run(reachable, location, sessionStorage, send);
}

it('signs in, calls the API, refreshes by itself and signs out', async () => {
  const app = await webApp();
  await app.signIn();
  const browser = new Browser(instances);
  let { left } = await browser.follow(location.href);
  while (left?.pathname.startsWith('/sign-in/'))
    ({ left } = await browser.follow(await finishSignIn(world.app, left, world.ids.ada)));
  location.href = left!.href;
  expect(await app.comeBack()).toMatchObject({ sub: world.ids.ada });
  expect(await (await app.call('/v1/users/me')).json()).toMatchObject({ id: world.ids.ada });
  spoil = true;
  expect(await (await app.call('/v1/users/me')).json()).toMatchObject({ id: world.ids.ada });
  expect(answers).toEqual([200, 401, 200]);
  await app.signOut();
  expect((await browser.follow(location.href)).response.status).toBe(200);
});
it('gives the error to an app whose person is not signed in', async () => {
  const app = await webApp();
  location.href = 'http://localhost:5173/';
  await app.signIn({ prompt: 'none' });
  const { left } = await new Browser(instances).follow(location.href);
  location.href = left!.href;
  await expect(app.comeBack()).rejects.toMatchObject({ error: 'login_required' });
});
