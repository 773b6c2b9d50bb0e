import { beforeEach, expect, it, vi } from 'vitest';
import type { Locale, Texts } from '#libs/messages/messages.js';
import { defineErrors } from '#libs/errors/catalogue.js';
import { defineDetailCodes } from '#libs/errors/detail-codes.js';

type Change = (texts: Record<Locale, Record<string, string>>) => void;
/** The texts of the orders with one fault; the module that uses them is loaded when the service starts. */
async function ordersWith(change: Change) {
  vi.doMock('#src/orders/locales/texts.js', async (original) => {
    const { orderTexts } = await original<{ orderTexts: Texts }>();
    const copy = structuredClone(orderTexts) as Record<Locale, Record<string, string>>;
    change(copy);
    return { orderTexts: copy };
  });
  await import('#src/orders/orders.errors.js');
}
beforeEach(() => vi.resetModules());

it('the texts as they are load', async () => {
  await expect(ordersWith(() => {})).resolves.toBeUndefined();
});
it.each<[string, Change, RegExp]>([
  ['a missing key', ({ ja }) => delete ja.ORDER_EMPTY, /^orders: message ORDER_EMPTY is missing in ja$/],
  ['a superfluous key', ({ ar }) => (ar.ORDER_OLD = 'قديم'), /^orders: message ORDER_OLD is missing in en\n/],
  [
    'a text that no error has',
    (all) => Object.values(all).forEach((texts) => (texts.ORDER_OLD = 'old')),
    /^orders: there is a text but no error ORDER_OLD$/,
  ],
])('%s stops the start', async (_, change, message) => {
  await expect(ordersWith(change)).rejects.toThrow(message);
});
it.each<[string, Change, RegExp]>([
  [
    'a wrong placeholder',
    ({ es }) => (es.ORDER_MOVE_NOT_POSSIBLE = 'No es posible: {estado}.'),
    /in es lacks {status text}[^]*in es has {estado text}, which en has not/,
  ],
  [
    'a placeholder of another type',
    ({ de }) => (de.ORDER_MOVE_NOT_POSSIBLE = 'Nicht im Status {status, number}.'),
    /in de has {status number}, which en has not/,
  ],
  [
    'an arm of a select that is missing',
    ({ ar }) => (ar.ORDER_MOVE_NOT_POSSIBLE = ar.ORDER_MOVE_NOT_POSSIBLE.replace('SHIPPED', 'SENT')),
    /in ar lacks {status select CANCELLED\|/,
  ],
  ['no text', ({ es }) => (es.ORDER_EMPTY = ''), /^message ORDER_EMPTY in es is empty$/],
])('%s is a problem of the translations', async (_, change, message) => {
  await ordersWith(change);
  const { translationProblems } = await import('#libs/messages/messages.js');
  expect(translationProblems().join('\n')).toMatch(message);
});

const all = <T>(texts: T) => ({ en: texts, de: texts, es: texts, ar: texts, ja: texts });
it('missing and superfluous keys do not compile', () => {
  const rows = { CONTROL_A: { status: 400, description: '' } };
  const right = { CONTROL_A: 'a', 'control.text': 'b' };
  expect(() =>
    // @ts-expect-error: CONTROL_A is missing in ja
    defineErrors('a', rows, { ...all(right), ja: { 'control.text': 'b' } }),
  ).toThrow('missing in ja');
  expect(() =>
    // @ts-expect-error: CONTROL_B is no code
    defineErrors('a', rows, all({ ...right, CONTROL_B: 'b' })),
  ).toThrow('no error CONTROL_B');
  expect(() =>
    // @ts-expect-error: detail.CONTROL_B is no code
    defineDetailCodes('a', { CONTROL_A: 'a' }, all({ 'detail.CONTROL_A': 'a', 'detail.CONTROL_B': 'b' })),
  ).toThrow('no detail code for detail.CONTROL_B');
});
