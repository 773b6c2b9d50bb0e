import { describe, expect, it } from 'vitest';
import { Secrets } from './secrets.js';

const of = (...bytes: number[]) => new Secrets({ encryptionKeys: bytes.map((byte) => Buffer.alloc(32, byte)) });

describe('a sealed text', () => {
  const secrets = of(1);
  const sealed = secrets.seal('totp', 'the secret', 'row 1');
  it('is opened with what it was sealed for', () => {
    expect(secrets.open('totp', sealed, 'row 1').toString()).toBe('the secret');
    expect(secrets.seal('totp', 'the secret', 'row 1')).not.toBe(sealed);
  });
  it.each([
    ['another purpose', () => secrets.open('cookies', sealed, 'row 1')],
    ['another row', () => secrets.open('totp', sealed, 'row 2')],
    ['another key', () => of(2).open('totp', sealed, 'row 1')],
    ['a changed text', () => secrets.open('totp', sealed.slice(0, -2) + 'AA', 'row 1')],
    ['a text that was cut', () => secrets.open('totp', sealed.slice(0, 30), 'row 1')],
    ['no text', () => secrets.open('totp', '', 'row 1')],
  ])('stays closed for %s', (_, open) => {
    expect(open).toThrow();
  });
  it('is opened by an older key, too, and says so', () => {
    const newer = of(2, 1);
    expect(newer.open('totp', sealed, 'row 1').toString()).toBe('the secret');
    expect(sealed.startsWith(newer.mark)).toBe(false);
    expect(sealed.startsWith(newer.marks[1])).toBe(true);
    expect(newer.seal('totp', '').startsWith(newer.mark)).toBe(true);
  });
});
it('derives a key for each purpose and key', () => {
  expect(of(1, 2).derive('cookies')).toEqual([of(1).derive('cookies')[0], of(2).derive('cookies')[0]]);
  expect(of(1).derive('cookies')).not.toEqual(of(1).derive('mac'));
});
