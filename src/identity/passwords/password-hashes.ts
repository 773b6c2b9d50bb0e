import { availableParallelism } from 'node:os';
import { Injectable } from '@nestjs/common';
import { hash, parseOptions, verify } from '@node-rs/argon2';
import { AppError } from '#libs/errors/app-error.js';
import { commonErrors } from '#libs/errors/common-errors.js';

/** Argon2id with 19 MiB, 2 passes, 1 lane: the OWASP Password Storage Cheat Sheet's first choice for servers. */
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
/** Of nobody's password, for work where there is none to compare with. */
const nobodys = `$argon2id$v=19$m=${parameters.memoryCost},t=${parameters.timeCost},p=${parameters.parallelism}$dGFuZGVtIG5vYm9keSdzIQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA`;

/** At this length of the queue the last one waits about two seconds. */
const waitingPerWorker = 64;

/**
 * Hashes passwords, never more at once than there are cores but one: requests need some, too. What would wait for long is
 * refused, so that a flood of sign-ins cannot fill the memory.
 */
@Injectable()
export class PasswordHashes {
  private readonly workers = Math.max(1, availableParallelism() - 1);
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  hash(password: string): Promise<string> {
    return this.inTurn(() => hash(normalized(password), parameters));
  }
  /** Whether it is the password of this hash. Without a hash the answer is no, after as much work. */
  async isPasswordOf(stored: string | undefined, password: string): Promise<boolean> {
    const is = await this.inTurn(() => verify(stored ?? nobodys, normalized(password)));
    return is && stored !== undefined;
  }
  /** Whether it was made with other parameters than those of today. */
  isOutdated(stored: string): boolean {
    const used = parseOptions(stored);
    return Object.entries(parameters).some(([name, value]) => used[name as keyof typeof parameters] !== value);
  }
  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= this.workers) {
      if (this.waiting.length >= this.workers * waitingPerWorker)
        throw new AppError(commonErrors.UNAVAILABLE, {
          retryAfterSeconds: 2,
          privateDetail: 'too many password hashes',
        });
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } else this.running++;
    try {
      return await work();
    } finally {
      // Whoever is next takes over the place.
      const next = this.waiting.shift();
      if (next) next();
      else this.running--;
    }
  }
}
/** One text for all ways to type the same characters (NIST SP 800-63B §3.1.1.2: NFKC, before hashing). */
export const normalized = (password: string): string => password.normalize('NFKC');
