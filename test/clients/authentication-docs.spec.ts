// The web app and the commands of docs/authentication.md, as they stand there, against the service.
import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
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

const text = readFileSync(join(projectRoot, 'docs/authentication.md'), 'utf8');
async function webApp(): Promise<WebApp> {
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
const hasShell = ['bash', 'curl'].every((name) => spawnSync(name, ['--version']).status === 0);
it.skipIf(!hasShell)('registers an application and a service, which gets a token', async () => {
  const section = /## Applications of others, and services\n([\s\S]*?)\n## /.exec(text)![1];
  const commands = [...section.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block).join('\n');
  const script = commands
    .replace('npm run -s token -- admin@tandem.example', 'echo "$ADMIN"')
    .replaceAll('http://localhost:3000', world.app.url)
    .replaceAll('curl ', 'curl -sS --fail-with-body ');
  const env = { ...process.env, ADMIN: await world.app.issuer.token(world.ids.admin) };
  const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], { env });
  const answers = stdout.split(/(?<=\})(?=\{)/).map((answer) => JSON.parse(answer) as Record<string, unknown>);
  expect(answers).toEqual([
    expect.objectContaining({ clientId: 'acme-shop', isFirstParty: false }),
    expect.objectContaining({ clientId: 'acme-invoices', roles: ['support'] }),
    expect.objectContaining({ access_token: expect.any(String), scope: 'users:read' }),
  ]);
  const headers = { authorization: `Bearer ${answers[2].access_token as string}` };
  expect((await instances.fetch('/v1/users?limit=1', { headers })).status).toBe(200);
});
it('gives the error to an app whose person is not signed in', async () => {
  const app = await webApp();
  location.href = 'http://localhost:5173/';
  await app.signIn({ prompt: 'none' });
  const { left } = await new Browser(instances).follow(location.href);
  location.href = left!.href;
  await expect(app.comeBack()).rejects.toMatchObject({ error: 'login_required' });
});
