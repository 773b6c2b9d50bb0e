import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';

/** In hexadecimal, as Apollo Client and urql write it. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * Documents that clients sent once and name by their hash from then on. Kept in this process, bounded, the least
 * recently used one goes first: a client whose document is gone sends it again.
 */
@Injectable()
export class PersistedQueries {
  protected readonly maxDocuments: number = 1000;
  /** Of UTF-8. */
  protected readonly maxBytes: number = 4 * 1024 * 1024;
  private readonly texts = new Map<string, string>();
  private bytes = 0;

  get size(): { readonly documents: number; readonly bytes: number } {
    return { documents: this.texts.size, bytes: this.bytes };
  }
  find(hash: string): string | undefined {
    const text = this.texts.get(hash);
    if (text === undefined) return undefined;
    // A map iterates in the order of insertion.
    this.texts.delete(hash);
    this.texts.set(hash, text);
    return text;
  }
  isHashOf(hash: string, text: string): boolean {
    return sha256(text) === hash;
  }
  /** Only for documents that fit the schema: whatever is stored takes the place of something else. */
  store(hash: string, text: string): void {
    if (this.find(hash) !== undefined) return;
    const bytes = Buffer.byteLength(text);
    if (bytes > this.maxBytes) return;
    this.texts.set(hash, text);
    this.bytes += bytes;
    for (const [oldest, old] of this.texts) {
      if (this.texts.size <= this.maxDocuments && this.bytes <= this.maxBytes) break;
      this.texts.delete(oldest);
      this.bytes -= Buffer.byteLength(old);
    }
  }
}
