import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Secrets } from '#libs/secrets/secrets.js';

/** Values that a browser keeps for us and cannot change: readable, signed, for one purpose, until a time. */
@Injectable()
export class SignedValues {
  /** The same for every purpose: there is one for each sign-in, and none may stay behind. */
  private readonly keys: readonly Buffer[];

  constructor(secrets: Secrets) {
    this.keys = secrets.derive('signed values');
  }

  sign(purpose: string, value: unknown, seconds: number): string {
    const expires = Math.floor(Date.now() / 1000) + seconds;
    const body = Buffer.from(JSON.stringify([expires, value])).toString('base64url');
    return `${body}.${mac(this.keys[0], ['value', purpose, body])}`;
  }
  /** The value; undefined when it was signed for something else, by another key, changed, or has expired. */
  open(purpose: string, signed: string | undefined): unknown {
    const [body, shown, ...more] = signed?.split('.') ?? [];
    if (!body || !shown || more.length > 0) return undefined;
    if (!this.keys.some((key) => isSame(mac(key, ['value', purpose, body]), shown))) return undefined;
    const [expires, value] = JSON.parse(Buffer.from(body, 'base64url').toString()) as [number, unknown];
    return expires * 1000 > Date.now() ? value : undefined;
  }
  /** A text that only who knows our key can make from this one. */
  token(purpose: string, text: string): string {
    return mac(this.keys[0], ['token', purpose, text]);
  }
  isToken(purpose: string, text: string, token: string): boolean {
    return this.keys.some((key) => isSame(mac(key, ['token', purpose, text]), token));
  }
}
/** Of parts that cannot be moved into one another. */
const mac = (key: Buffer, parts: readonly string[]): string =>
  createHmac('sha256', key).update(JSON.stringify(parts)).digest('base64url');
function isSame(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}
