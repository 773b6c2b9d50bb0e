// Weaknesses: a storm on one token that forks its family, or takes every connection from everybody else.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tally } from '#test/fuzz/tally.js';
import { TestApp } from '#test/harness/test-app.js';
import { startWorld, type World } from '#test/harness/world.js';
import { Browser, codeFor, exchange, Instances, mobile, pkce, signIn } from '#test/issuer/client.js';
import { again, kindsOf, usable } from '#test/issuer/storms.js';

const times = 200;
let world: World;
let second: TestApp;
let instances: Instances;
beforeAll(async () => {
  world = await startWorld();
  second = await TestApp.start({ database: world.app.database, issuer: world.app.issuer });
  instances = new Instances([world.app, second]);
});
afterAll(async () => {
  await second?.stop();
  await world?.app.stop();
});
const counted = (requests: number) => tally({ requests, operations: 0, refusals: 0, statements: 0, findings: 0 });

it('200 refreshes of one token at once over two instances have one successor; others are served meanwhile', async () => {
  const { refresh_token: token } = await signIn(new Browser(instances), world.ids.ada, mobile);
  const others = await Promise.all(instances.all.map((app) => app.as('grace', world.ids.grace)));
  const storm = Promise.all(Array.from({ length: times }, () => again(instances, token)));
  let isOver = false;
  void storm.then(() => (isOver = true));
  const statuses: number[] = [];
  for (let i = 0; !isOver; i++)
    for (const { status } of await Promise.all(
      others.map((other) => other.get(i % 2 ? '/v1/notifications' : '/v1/users/me')),
    ))
      statuses.push(status);
  const answers = await storm;
  counted(times + statuses.length);
  expect(new Set(statuses)).toEqual(new Set([200]));
  expect(kindsOf(answers)).toEqual(['200']);
  expect(new Set(answers.map(({ body }) => body.refresh_token)).size).toBe(1);
  expect(new Set(answers.map(({ body }) => body.access_token)).size).toBe(times);
  expect(await usable(world, token)).toBe(1);
  expect((await again(instances, answers[0].body.refresh_token)).status).toBe(200);
});
it('200 exchanges of one code at once give one answer, and leave nothing', async () => {
  const { verifier, challenge } = pkce();
  const back = await codeFor(new Browser(instances), world.ids.ada, mobile, challenge);
  const code = back.searchParams.get('code')!;
  const answers = await Promise.all(Array.from({ length: times }, () => exchange(instances, mobile, code, verifier)));
  counted(times);
  expect(kindsOf(answers)).toEqual(['200', '400 invalid_grant']);
  const given = answers.filter(({ status }) => status === 200);
  expect(given).toHaveLength(1);
  expect(await usable(world, given[0].body.refresh_token)).toBe(0);
  expect((await again(instances, given[0].body.refresh_token)).body).toMatchObject({ error: 'invalid_grant' });
});
