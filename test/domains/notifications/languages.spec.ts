import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorldOf } from '#test/harness/world.js';
import { notificationsTests } from './notifications.tests.js';
import { goneTopic, type NotificationsWorld } from './world.js';

let world: NotificationsWorld;
let path: string;
beforeAll(async () => {
  world = await startWorldOf(notificationsTests);
  path = `/v1/notifications/${await world.makeNotification('grace', { topic: goneTopic })}`;
});
afterAll(() => world.app.stop());
const read = (language?: string, more: Record<string, string> = {}) =>
  world.clients.grace.get(path, { ...(language !== undefined && { 'accept-language': language }), ...more });

it.each([
  ['en', 'Notification'],
  ['de-AT, en;q=0.5', 'Mitteilung'],
  ['es', 'Notificación'],
  ['ar', 'إشعار'],
  ['ja', '通知'],
])('texts come in the language of the request: %s', async (language, title) => {
  const { body, headers } = await read(language);
  expect([body.title, headers.get('content-language')]).toEqual([title, language.slice(0, 2)]);
  const { data } = await world.clients.grace.graphql(
    '{ notifications(first: 1) { nodes { title } } }',
    {},
    { 'accept-language': language },
  );
  expect(data.notifications.nodes).toEqual([{ title }]);
});
it('a copy in another language is another copy', async () => {
  const english = await read('en');
  const etag = english.headers.get('etag')!;
  expect(english.headers.get('vary')!.split(', ')).toContain('Accept-Language');
  expect((await read('en', { 'if-none-match': etag })).status).toBe(304);
  const german = await read('de', { 'if-none-match': etag });
  expect([german.status, german.body.title]).toEqual([200, 'Mitteilung']);
  // The version is the same all the same.
  expect((await world.clients.grace.post(`${path}/unread`, undefined, { 'if-match': etag })).status).toBe(200);
});
describe('where a request asks for none of our languages', () => {
  it('the account’s own answers, at once when it was changed', async () => {
    for (const [locale, title] of [
      ['de-AT', 'Mitteilung'],
      ['ja', '通知'],
      ['fr', 'Notification'],
      ['en', 'Notification'],
    ]) {
      await world.clients.grace.patch('/v1/users/me', { locale });
      for (const language of ['*', 'tlh', undefined]) expect((await read(language)).body.title).toBe(title);
      expect((await read('es')).body.title).toBe('Notificación');
    }
  });
  it('errors speak it too, and those of nobody in particular English', async () => {
    await world.clients.grace.patch('/v1/users/me', { locale: 'de' });
    const { body } = await world.clients.grace.get('/v1/notifications/none');
    expect(body.error.message).toBe('Diese Mitteilung gibt es nicht.');
    expect((await world.clients.anonymous.get('/v1/notifications')).body.error.message).toMatch(/sign in/i);
  });
});
