import { domains } from '#test/domains/domains.js';
import { ExternalIssuer } from '#libs/testing/external-issuer.js';
import type { UsersWorld } from '#test/domains/users/world.js';
import type { DomainTests, Ground } from './domain-tests.js';
import { TestApp, type TestAppOptions } from './test-app.js';

/** What every runner may use: the application and its callers. Domains add to it. */
export type World = UsersWorld;

/** The application with the rows of every domain. */
export async function startWorld(options: TestAppOptions = {}): Promise<World> {
  const external = await ExternalIssuer.start();
  const roles = { claim: 'groups', map: { helpers: ['customer', 'support'] } };
  const env = {
    EGRESS_ALLOW: '127.0.0.1/32',
    TOKEN_ISSUERS: JSON.stringify([{ issuer: external.url, audience: 'shop', roles }]),
    ...options.env,
  };
  const app = await TestApp.start({ ...options, env });
  const world: Ground = { app, external };
  for (const domain of domains) Object.assign(world, await domain.world?.(world));
  return world as World;
}
/** The same, for tests of one domain that name its rows. */
export async function startWorldOf<Needs extends Ground, Part extends object>(
  domain: DomainTests<Needs, Part>,
  options: TestAppOptions = {},
): Promise<Needs & Part> {
  if (!domains.includes(domain)) throw new Error(`test/domains/domains.ts does not name ${domain.name}`);
  return (await startWorld(options)) as Ground as Needs & Part;
}
