import { describe, expect, it } from 'vitest';
import { allTopics, defineTopics, textOf } from './topics.js';
import './notifications.errors.js';
import type { Texts } from '#libs/messages/messages.js';
import { locales } from '#libs/messages/messages.js';

const inAll = <K extends string>(texts: Record<K, string>): Texts<K> =>
  Object.fromEntries(locales.map((locale) => [locale, texts])) as Texts<K>;
const about = { description: 'For the test.', data: { name: 'A name.' } };
const topics = defineTopics<{ name: string }, 'spec.greeted' | 'spec.shouted'>(
  'spec',
  {
    'spec.greeted': about,
    'spec.shouted': { ...about, params: ({ name }, locale) => ({ name: `${locale} ${name.toUpperCase()}` }) },
  },
  inAll({
    'spec.greeted.title': 'Hello {name}',
    'spec.greeted.body': '{name} was greeted.',
    'spec.shouted.title': '{name}!',
    'spec.shouted.body': 'Somebody shouted.',
  }),
);

describe('a topic', () => {
  it('fills its texts with the data, or with what it makes of them', () => {
    expect(textOf('title', 'spec.greeted', { name: 'Ada' }, 'en')).toBe('Hello Ada');
    expect(textOf('body', 'spec.greeted', { name: 'Ada' }, 'en')).toBe('Ada was greeted.');
    expect(textOf('title', 'spec.shouted', { name: 'Ada' }, 'de')).toBe('de ADA!');
  });
  it('is in the catalogue by its name', () => {
    expect(allTopics()).toContain(topics['spec.greeted']);
    expect(topics['spec.greeted'].name).toBe('spec.greeted');
  });
  it.each([
    ['is named otherwise', 'SIGNED_UP', /dotted lower case/],
    ['has no domain', 'placed', /dotted lower case/],
    ['has a name too long for the column', `spec.${'x'.repeat(80)}`, /dotted lower case/],
    ['is there already', 'spec.greeted', /defined twice/],
  ])('that %s stops the start', (_why, name, message) => {
    expect(() => defineTopics('other', { [name]: about }, inAll({}) as never)).toThrow(message);
  });
});

describe('rows that this release did not write', () => {
  it('have plain texts when nobody knows their topic', () => {
    expect(textOf('title', 'gone.happened', {}, 'en')).toBe('Notification');
    expect(textOf('body', 'gone.happened', {}, 'de')).toBe('Es gibt etwas Neues.');
  });
  it('have a gap where their data lack something', () => {
    expect(textOf('title', 'spec.greeted', {}, 'en')).toBe('Hello …');
    expect(textOf('title', 'spec.shouted', {}, 'en')).toBe('…!');
  });
});
