import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { runWithoutContext } from '#libs/context/request-context.js';
import { Database } from '#libs/database/database.js';
import { Audit, draftOf, type AuditDraft, type AuditEvent } from './audit.js';

/** More than these wait only while the database does not answer. */
const maxWaiting = 1000;
const maxAtOnce = 200;

interface Report {
  readonly draft: AuditDraft;
  readonly written: () => void;
}

/**
 * Tells what is no part of a transaction: an attempt that was refused, a sign-in that failed. It never fails and never holds
 * up who reports: what cannot be written goes to the log.
 */
@Injectable()
export class AuditReports implements BeforeApplicationShutdown {
  private waiting: Report[] = [];
  private writing?: Promise<void>;

  constructor(
    private readonly database: Database,
    private readonly audit: Audit,
    private readonly logger: PinoLogger,
  ) {}

  /** Resolves when it is in the trail, or in the log where that was not possible; nobody has to wait for it. */
  report(event: AuditEvent): Promise<void> {
    const draft = draftOf(event);
    if (this.waiting.length >= maxWaiting) {
      this.log([{ draft, written: () => undefined }], new Error('too many reports wait'));
      return Promise.resolve();
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    this.waiting.push({ draft, written: resolve });
    // Its statements are not those of the request that set it off.
    this.writing ??= runWithoutContext(() => this.writeAll());
    return promise;
  }
  /** Before the pool closes. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.writing;
  }
  /** What comes while some are written is written together after them. */
  private async writeAll(): Promise<void> {
    while (this.waiting.length > 0) {
      const some = this.waiting.splice(0, maxAtOnce);
      try {
        await this.database.transaction((em) =>
          this.audit.write(
            em,
            some.map(({ draft }) => draft),
          ),
        );
      } catch (error) {
        this.log(some, error);
      }
      for (const { written } of some) written();
    }
    this.writing = undefined;
  }
  private log(reports: readonly Report[], error: unknown): void {
    for (const { draft } of reports) {
      const { id, at, action, outcome, actor, subject, subjectId, correlationId } = draft;
      this.logger.error(
        { err: error, id, at, action, outcome, actor, subject, subjectId, correlationId },
        'not audited',
      );
    }
  }
}
