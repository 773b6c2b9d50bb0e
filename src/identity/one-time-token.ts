import { createHash } from 'node:crypto';

/** What is kept of a token that is good once: long and random, so that a plain hash tells nothing of it. */
export const hashOfToken = (token: string): Buffer => createHash('sha256').update(token).digest();
