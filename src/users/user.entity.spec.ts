import { describe, expect, it } from 'vitest';
import { User } from './user.entity.js';

const invalid = (field: string, code: string) =>
  expect.objectContaining({ code: 'VALIDATION_FAILED', details: [expect.objectContaining({ field, code })] });

describe('User.updateProfile', () => {
  it('leaves what is left out', () => {
    const user = Object.assign(new User(), { displayName: 'Ada', locale: 'de', timeZone: 'Europe/Berlin' });
    user.updateProfile({ locale: 'de-AT' });
    expect(user).toMatchObject({ displayName: 'Ada', locale: 'de-AT', timeZone: 'Europe/Berlin' });
  });
  it.each(['UTC', 'Europe/Vienna', 'America/Argentina/Buenos_Aires', 'Asia/Calcutta', 'Asia/Kolkata'])(
    'takes the time zone %s',
    (timeZone) => {
      const user = new User();
      user.updateProfile({ timeZone });
      expect(user.timeZone).toBe(timeZone);
    },
  );
  it.each(['Mars/Olympus', 'Europe/Wien', 'GMT+25', ''])('refuses the time zone %j and changes nothing', (timeZone) => {
    const user = Object.assign(new User(), { displayName: 'Ada' });
    expect(() => user.updateProfile({ displayName: 'Eve', timeZone })).toThrow(invalid('timeZone', 'FORMAT'));
    expect(user).toMatchObject({ displayName: 'Ada', timeZone: 'UTC' });
  });
  it.each(['Ada Lovelace', 'عائشة', '李', 'می\u200Cخواهم', '👩\u200D💻', "O'Brien-Łukasz", '٤٢\u0600'])(
    'takes the name %j',
    (displayName) => {
      const user = new User();
      user.updateProfile({ displayName });
      expect(user.displayName).toBe(displayName);
    },
  );
  it.each([
    '\u202A',
    '\u202E',
    '\u2066',
    '\u2069',
    '\u200B',
    '\u200F',
    '\uFEFF',
    '\u00AD',
    '\u{E0041}',
    '\n',
    '\u2028',
  ])('refuses a name with %j, which nobody sees', (unseen) => {
    const user = Object.assign(new User(), { displayName: 'Ada' });
    expect(() => user.updateProfile({ displayName: `Ad${unseen}min` })).toThrow(invalid('displayName', 'FORMAT'));
    expect(user.displayName).toBe('Ada');
  });
  it.each([' ', '\u200D', '\u00A0'])('refuses the name %j, of which there is nothing to see', (name) => {
    expect(() => new User().updateProfile({ displayName: name })).toThrow(invalid('displayName', 'FORMAT'));
  });
  it('merges preferences', () => {
    const user = Object.assign(new User(), { preferences: { theme: 'dark', newsletter: true, mail: { daily: true } } });
    user.updateProfile({ preferences: { newsletter: null, mail: { weekly: true } } });
    expect(user.preferences).toEqual({ theme: 'dark', mail: { daily: true, weekly: true } });
  });
});

describe('suspension', () => {
  it('has a reason only as long as it lasts', () => {
    const user = new User();
    user.suspend('Chargeback');
    expect(user).toMatchObject({ status: 'SUSPENDED', suspensionReason: 'Chargeback' });
    user.reactivate();
    expect(user).toMatchObject({ status: 'ACTIVE', suspensionReason: null });
  });
  it.each([
    [['admin'], 'ACTIVE', true],
    [['customer', 'admin'], 'ACTIVE', true],
    [['admin'], 'SUSPENDED', false],
    [['manager'], 'ACTIVE', false],
  ] as const)('of %j, %s: an active admin is %s', (roles, status, expected) => {
    expect(Object.assign(new User(), { roles: [...roles], status }).isActiveAdmin).toBe(expected);
  });
});
