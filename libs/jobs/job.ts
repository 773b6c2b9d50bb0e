/** How a job is run; all times in seconds. */
export interface JobOptions {
  /** For the operator: what it does. */
  readonly description: string;
  /** Further attempts after the first one failed, was killed or took too long. Default 5. */
  readonly retries?: number;
  /** Before the second attempt; then it doubles, with jitter. Default 2. */
  readonly retryDelay?: number;
  /** The longest wait between attempts. Default 3600. */
  readonly retryDelayMax?: number;
  /** An attempt that takes longer counts as failed, and its signal is aborted. Default 60. */
  readonly timeout?: number;
  /** A worker that was not heard of for so long counts as dead. At least 10, the default. */
  readonly heartbeat?: number;
  /** When the job is sent by itself, as a cron expression in UTC; it then takes no payload, and is `exclusive`. */
  readonly cron?: string;
  /** At most one waits or runs at a time: what is sent meanwhile is dropped. */
  readonly exclusive?: boolean;
  /** How many of them one process runs at a time. Default 1. */
  readonly concurrency?: number;
  /** Between looks for new ones. At least 0.5; default 2. */
  readonly polling?: number;
}
/** A declared job; `Payload` is what it is sent with, and goes through JSON. */
export interface Job<Payload extends object = object> {
  readonly name: string;
  readonly options: JobOptions;
  /** Never there: ties the payload's type to the job. */
  readonly payload?: Payload;
}
/** One attempt at a job. */
export interface Attempt {
  readonly id: string;
  /** 1 for the first one. */
  readonly number: number;
  readonly isLast: boolean;
  /** Aborted when the attempt is given up: its time is over, its claim is gone, or the process ends. */
  readonly signal: AbortSignal;
}
export type JobHandler<Payload extends object> = (payload: Payload, attempt: Attempt) => Promise<void>;

/** Thrown by a handler when no further attempt can help: the job goes to the dead letters at once. */
export class JobCannotSucceed extends Error {
  override readonly name = 'JobCannotSucceed';
}

const declared = new Map<string, Job>();

/** Declares a job. Its name is its queue: lower case, after the domain, as in `mail.deliver`. */
export function defineJob<Payload extends object>(name: string, options: JobOptions): Job<Payload> {
  if (!/^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)+$/.test(name)) throw new Error(`job ${name} is not named domain.what`);
  if (declared.has(name)) throw new Error(`job ${name} is declared twice`);
  const job: Job<Payload> = Object.freeze({ name, options: Object.freeze(options) });
  declared.set(name, job);
  return job;
}
/** Every declared job, by name. */
export const allJobs = (): Job[] => [...declared.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
