import { accountNames } from '#test/harness/callers.js';
import type { World } from '#test/harness/world.js';

/** What many callers who ask at once hear that is not about themselves; every other account has to be loaded first. */
export async function confusions(world: World): Promise<string[]> {
  const fresh = await Promise.all(Array.from({ length: 20 }, () => world.makeUser()));
  const asked = [
    ...accountNames.map((name) => ({
      id: world.ids[name],
      client: world.clients[name],
      suspended: name === 'suspended',
    })),
    ...(await Promise.all(fresh.map(async (id) => ({ id, client: await world.app.as(id, id), suspended: false })))),
  ];
  const wrong: string[] = [];
  await Promise.all(
    Array.from({ length: 6 }, (_, i) => (i % 2 === 0 ? asked : asked.toReversed()))
      .flat()
      .map(async ({ id, client, suspended }, i) => {
        const heard =
          i % 2 === 0
            ? await client.get('/v1/users/me').then(({ body }) => (body.id ?? body.error.code) as string)
            : await client.graphql('{ me { id } }').then(({ data, code }) => (data?.me?.id ?? code) as string);
        if (heard !== (suspended ? 'ACCOUNT_SUSPENDED' : id) && heard !== 'UNAVAILABLE')
          wrong.push(`${client.name} heard ${heard}`);
      }),
  );
  return wrong;
}
