import type { PgBoss } from 'pg-boss';

/** The queue of jobs that failed for good. */
export const deadLetters = 'dead-letters';

export interface DeadLetter {
  readonly id: string;
  readonly job: string;
  readonly failedAt: Date;
  readonly attempts: number;
  readonly error: string;
}
/** What failed for good, oldest first; of one job, or of all. */
export async function listDeadLetters(boss: PgBoss, job?: string): Promise<DeadLetter[]> {
  const found = await boss.findJobs(deadLetters);
  return found
    .filter(({ sourceName }) => job === undefined || sourceName === job)
    .map(({ id, sourceName, createdOn, sourceRetryCount, sourceOutput }) => ({
      id,
      job: sourceName ?? '',
      failedAt: createdOn,
      attempts: (sourceRetryCount ?? 0) + 1,
      error: messageOf(sourceOutput),
    }));
}
/** Sends one of them again, by its id, or all of a job; resolves to how many. */
export const resendDeadLetters = (boss: PgBoss, which: { id: string } | { job: string }): Promise<number> =>
  boss.redrive(deadLetters, 'id' in which ? { ids: [which.id] } : { sourceName: which.job });

const messageOf = (output: { message?: string } | null): string => output?.message ?? '';
