/** Whose tries are counted together. */
export type Scope =
  /** Of an account, from devices that it has not been used on. */
  | 'account'
  /** Of an account, from one device that it has been used on. */
  | 'device'
  /** Of an account, from all of those: who once had it may have made itself many. */
  | 'devices'
  | 'network'
  | 'neighbourhood';

interface Rule {
  readonly scope: Scope;
  readonly tries: number;
  /** Any so many seconds: windows slide. */
  readonly seconds: number;
  /** What is left of `tries` at least while many guess from everywhere; absent where that makes no difference. */
  readonly least?: number;
}
export interface Kind {
  readonly rules: readonly Rule[];
  /** Whether a try that succeeded is given back. Not where each costs a mail or an account. */
  readonly refunds: boolean;
}

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

const passwords: readonly Rule[] = [
  { scope: 'account', tries: 10, seconds: 15 * minute },
  { scope: 'account', tries: 100, seconds: day },
  { scope: 'device', tries: 5, seconds: 15 * minute },
  { scope: 'devices', tries: 30, seconds: 15 * minute },
  { scope: 'network', tries: 60, seconds: 15 * minute, least: 3 },
  { scope: 'neighbourhood', tries: 200, seconds: 15 * minute, least: 10 },
];
const mails: readonly Rule[] = [
  { scope: 'account', tries: 5, seconds: hour },
  { scope: 'device', tries: 3, seconds: hour },
  { scope: 'devices', tries: 6, seconds: hour },
  { scope: 'network', tries: 60, seconds: hour, least: 5 },
  { scope: 'neighbourhood', tries: 200, seconds: hour, least: 15 },
];

/** What is limited, and how. */
export const kinds = {
  /** A password for an account. */
  signIn: { rules: passwords, refunds: true },
  /** A code of six digits, or a recovery code, of somebody who has the password. */
  secondFactor: {
    rules: [
      { scope: 'account', tries: 5, seconds: 15 * minute },
      { scope: 'account', tries: 30, seconds: day },
      { scope: 'device', tries: 5, seconds: 15 * minute },
      { scope: 'devices', tries: 10, seconds: 15 * minute },
      { scope: 'network', tries: 60, seconds: 15 * minute, least: 3 },
      { scope: 'neighbourhood', tries: 200, seconds: 15 * minute, least: 10 },
    ],
    refunds: true,
  },
  /** An account to be made, or the mail that says there is one. */
  registration: { rules: mails, refunds: false },
  /** A mail with a link to a new password. */
  passwordReset: { rules: mails, refunds: false },
  /** One more mail to verify an address. */
  verificationMail: { rules: mails, refunds: false },
} as const satisfies Record<string, Kind>;

export type AttemptKind = keyof typeof kinds;
