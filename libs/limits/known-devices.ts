import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { accountName } from './account-name.js';

const DAY_MS = 24 * 3600 * 1000;
const VALID_DAYS = 180;
/** Accounts that one browser is remembered for. */
const MAX_ACCOUNTS = 5;
const ENTRY = /^([\w-]{12})\.([0-9a-z]{1,6})\.([\w-]{22})$/;

/**
 * Marks of devices that an account has been used on, as the value of one cookie: an id, the day and a MAC over both and
 * the account, one for each of the last few accounts. Says nothing about who they are.
 */
export class KnownDevices {
  constructor(
    /** The first one signs, all verify. */
    private readonly keys: readonly Buffer[],
    private readonly now: () => number = Date.now,
  ) {}

  /** The id of the device when `value` proves that this account was used on it. */
  idOf(value: string | undefined, account: string): string | undefined {
    return this.entriesOf(value).find((entry) => this.isOf(entry, account))?.id;
  }
  /** The cookie's next value, after `account` was signed in with `value` as the cookie so far. The device keeps its id. */
  mark(value: string | undefined, account: string): string {
    const entries = this.entriesOf(value);
    const id = entries.find((entry) => this.isOf(entry, account))?.id ?? randomBytes(9).toString('base64url');
    const day = Math.floor(this.now() / DAY_MS).toString(36);
    const others = entries.filter((entry) => !this.isOf(entry, account)).map(({ text }) => text);
    const fresh = `${id}.${day}.${mac(this.keys[0], id, day, account).toString('base64url')}`;
    return [fresh, ...others].slice(0, MAX_ACCOUNTS).join(':');
  }
  private entriesOf(value: string | undefined) {
    const today = Math.floor(this.now() / DAY_MS);
    return (value ?? '')
      .split(':', MAX_ACCOUNTS)
      .flatMap((text) => {
        const [, id, day, proof] = ENTRY.exec(text) ?? [];
        return id === undefined ? [] : [{ text, id, day, proof: Buffer.from(proof, 'base64url') }];
      })
      .filter(({ day }) => Math.abs(today - Number.parseInt(day, 36)) <= VALID_DAYS);
  }
  private isOf({ id, day, proof }: { id: string; day: string; proof: Buffer }, account: string): boolean {
    return this.keys.some((key) => timingSafeEqual(mac(key, id, day, account), proof));
  }
}

const mac = (key: Buffer, id: string, day: string, account: string): Buffer =>
  createHmac('sha256', key)
    .update(`${id}.${day}.${accountName(account)}`)
    .digest()
    .subarray(0, 16);
