import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Secrets } from '#libs/secrets/secrets.js';

/** Values that a browser keeps for us and cannot change: readable, signed, for one purpose, until a time. */
@Injectable()
export class SignedValues {
  private readonly keys = new Map<string, Buffer[]>();

  constructor(private readonly secrets: Secrets) {}

  sign(purpose: string, value: unknown, seconds: number): string {
    const expires = Math.floor(Date.now() / 1000) + seconds;
    const body = Buffer.from(JSON.stringify([expires, value])).toString('base64url');
    return `${body}.${this.mac(this.keysOf(purpose)[0], body)}`;
  }
  /** The value; undefined when it was signed for something else, by another key, changed, or has expired. */
  open(purpose: string, signed: string | undefined): unknown {
    const [body, mac, ...more] = signed?.split('.') ?? [];
    if (!body || !mac || more.length > 0) return undefined;
    if (!this.keysOf(purpose).some((key) => isSame(this.mac(key, body), mac))) return undefined;
    const [expires, value] = JSON.parse(Buffer.from(body, 'base64url').toString()) as [number, unknown];
    return expires * 1000 > Date.now() ? value : undefined;
  }
  /** A text that only who knows our key can make from this one. */
  token(purpose: string, text: string): string {
    return this.mac(this.keysOf(purpose)[0], text);
  }
  isToken(purpose: string, text: string, token: string): boolean {
    return this.keysOf(purpose).some((key) => isSame(this.mac(key, text), token));
  }
  private keysOf(purpose: string): Buffer[] {
    let keys = this.keys.get(purpose);
    if (!keys) this.keys.set(purpose, (keys = this.secrets.derive(`signed values: ${purpose}`)));
    return keys;
  }
  private mac(key: Buffer, text: string): string {
    return createHmac('sha256', key).update(text).digest('base64url');
  }
}
function isSame(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}
