import { describe, expect, it } from 'vitest';
import { isTooLongToTry, passwordProblem } from './password-rules.js';

const about = ['ada.lovelace@tandem.example', 'Ada Lovelace'];

describe('a new password', () => {
  it.each([
    ['correct horse battery', undefined],
    ['contraseña larga y propia', undefined],
    ['ぱすわーどはながいほどよい', undefined],
    ['ab 12 cd', undefined],
    ['seven77', 'short'],
    // Four letters with their accents apart, which are four characters to whoever types them.
    ['éàüö'.normalize('NFD'), 'short'],
    ['😀😀😀😀', 'short'],
    ['x'.repeat(129), 'long'],
    [`${'long enough '.repeat(10)}12345678`, undefined],
    ['password', 'common'],
    ['PassWord1', 'common'],
    ['ｐａｓｓｗｏｒｄ', 'common'],
    ['12345678', 'common'],
    ['90123456', 'common'],
    ['aaaaaaaaaaaa', 'common'],
    ['abcabcabcabc', 'common'],
    ['qwertyuiop', 'common'],
    ['ada.lovelace', 'personal'],
    ['Ada Lovelace1815', 'personal'],
    ['ada.lovelace@tandem.example', 'personal'],
    ['lovelace and babbage', undefined],
  ])('%j is %s', (password, problem) => {
    expect(passwordProblem(password, about)).toBe(problem);
  });
  it('counts characters as people do, not UTF-16', () => {
    expect(passwordProblem('🐘🦒🦓🦔🦘🦙🦚🦛'.repeat(16), [])).toBeUndefined();
    expect(passwordProblem('🐘🦒🦓🦔🦘🦙🦚🦛'.repeat(16) + '🦜', [])).toBe('long');
  });
  it('that is longer than any is not worth a hash', () => {
    expect(isTooLongToTry('x'.repeat(128))).toBe(false);
    expect(isTooLongToTry('x'.repeat(129))).toBe(true);
  });
});
