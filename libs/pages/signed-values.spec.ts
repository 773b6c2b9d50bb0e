import { describe, expect, it, vi } from 'vitest';
import { Secrets } from '#libs/secrets/secrets.js';
import { SignedValues } from './signed-values.js';

const key = (text: string) => Buffer.alloc(32, text);
const signedBy = (...keys: string[]) => new SignedValues(new Secrets({ encryptionKeys: keys.map(key) }));

describe('values that a browser keeps', () => {
  const values = signedBy('one');

  it('come back as they were', () => {
    expect(values.open('a', values.sign('a', { id: 7 }, 60))).toEqual({ id: 7 });
  });
  it('do not come back changed, for another purpose, from another key, or half', () => {
    const signed = values.sign('a', { id: 7 }, 60);
    const [body, mac] = signed.split('.');
    const other = Buffer.from(Buffer.from(body, 'base64url').toString().replace('7', '8')).toString('base64url');
    for (const bad of [undefined, '', '.', body, `${other}.${mac}`, `${body}.${mac}x`, `${signed}.`])
      expect(values.open('a', bad), bad).toBeUndefined();
    expect(values.open('b', signed)).toBeUndefined();
    expect(signedBy('two').open('a', signed)).toBeUndefined();
  });
  it('outlive a change of keys, not their time', () => {
    const signed = values.sign('a', 1, 60);
    expect(signedBy('two', 'one').open('a', signed)).toBe(1);
    vi.useFakeTimers({ now: Date.now() + 61_000 });
    expect(values.open('a', signed)).toBeUndefined();
    vi.useRealTimers();
  });
  it('leave nothing behind, whatever they are for', () => {
    const secrets = new Secrets({ encryptionKeys: [key('one')] });
    const derive = vi.spyOn(secrets, 'derive');
    const many = new SignedValues(secrets);
    for (let i = 0; i < 3; i++) expect(many.open(`sign-in ${i}`, many.sign(`sign-in ${i}`, i, 60))).toBe(i);
    expect(derive).toHaveBeenCalledTimes(1);
  });
  it('have tokens for texts', () => {
    const token = values.token('form', 'text');
    expect(signedBy('two', 'one').isToken('form', 'text', token)).toBe(true);
    expect(values.isToken('form', 'other', token)).toBe(false);
    expect(values.isToken('link', 'text', token)).toBe(false);
    expect(values.isToken('form', 'text', '')).toBe(false);
    // Of one kind for the other, or with a part that has moved.
    const [body, mac] = values.sign('form', 1, 60).split('.');
    expect(values.isToken('form', body, mac)).toBe(false);
    expect(values.isToken('for', 'mtext', token)).toBe(false);
  });
});
