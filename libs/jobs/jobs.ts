import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { EntityManager } from '@mikro-orm/postgresql';
import pg from 'pg';
import { fromKysely, type PgBoss, type JobWithMetadata, type KyselyTransactionLike, type QueueOptions } from 'pg-boss';
import { v5 as nameBasedUuid } from 'uuid';
import { Config } from '#libs/config/config.js';
import { createContext, currentContext, runInContext, type RequestContext } from '#libs/context/request-context.js';
import { errorForLog } from '#libs/telemetry/error-for-log.js';
import { Logging } from '#libs/telemetry/logging.js';
import { deadLetters } from './dead-letters.js';
import { allJobs, JobCannotSucceed, type Attempt, type Job, type JobHandler } from './job.js';
import { bossOver, jobsSchema } from './schema.js';

const DEAD_LETTERS_KEPT_DAYS = 90;
const DAY = 86_400;
/** Names of jobs and keys of sends become ids under it (RFC 9562, version 5). */
const KEYS = '3f0f0e0c-7c0d-4a57-9a39-2e8a4f3d1c55';

/**
 * How often workers look for attempts whose worker is gone. With the shortest heartbeat (10 s) a killed worker's job
 * runs again after some 20 s.
 */
const SUPERVISE_SECONDS = 5;
const START_AGAIN_MS = 5_000;
const SHUTDOWN_MS = 8_000;

export interface SendOptions {
  /** A second send of the job with the same key does nothing, for as long as the first one is kept (7 days). */
  readonly key?: string;
  readonly startAfter?: Date;
}
/** What lies in the database: the payload, and what the handler's context is made from. */
interface Envelope {
  readonly payload: object;
  readonly sender?: { readonly correlationId: string; readonly traceparent: string; readonly locale: string };
}
/** Sends declared jobs, and runs them where the process is a worker. */
@Injectable()
export class Jobs implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown {
  private readonly handlers = new Map<string, JobHandler<never>>();
  private readonly pool: pg.Pool;
  private readonly boss: PgBoss;
  private readonly stopping = new AbortController();
  private queues?: Promise<void>;
  private working?: Promise<void>;

  constructor(
    private readonly config: Config,
    private readonly logging: Logging,
  ) {
    const worker = config.role !== 'api';
    // Past a pooler, and with few connections of its own: what it does must not wait for requests, nor they for it.
    this.pool = new pg.Pool({
      connectionString: config.database.directUrl,
      max: worker ? 4 : 1,
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
      application_name: 'tandem jobs',
    });
    this.pool.on('error', (err) => this.logging.logger.warn({ err }, 'connection of jobs lost'));
    this.boss = bossOver(this.pool, {
      superviseIntervalSeconds: SUPERVISE_SECONDS,
      monitorIntervalSeconds: SUPERVISE_SECONDS,
      queueCacheIntervalSeconds: SUPERVISE_SECONDS,
    });
    this.boss.on('error', (err) => this.logging.logger.error({ err }, 'jobs'));
    this.boss.on('warning', ({ message }) => this.logging.logger.warn({ warning: message }, 'jobs'));
  }

  /** Says who does a declared job; called when a module is initialized, in every process. */
  handle<Payload extends object>(job: Job<Payload>, handler: JobHandler<Payload>): void {
    if (this.handlers.has(job.name)) throw new Error(`job ${job.name} is handled twice`);
    this.handlers.set(job.name, handler);
  }
  /** The declared jobs that this application handles, by name. */
  get handled(): Job[] {
    return allJobs().filter(({ name }) => this.handlers.has(name));
  }

  /**
   * Sends a job in the transaction of `em`, so that it exists when and only when the transaction commits; without one,
   * at once. Resolves to its id, or to undefined when there is one with this key, or an exclusive one, already.
   */
  async send<Payload extends object>(
    em: EntityManager | undefined,
    job: Job<Payload>,
    payload: Payload,
    { key, startAfter }: SendOptions = {},
  ): Promise<string | undefined> {
    if (!this.handlers.has(job.name)) throw new Error(`nobody handles job ${job.name}`);
    const transaction = em?.getTransactionContext() as KyselyTransactionLike | undefined;
    if (em && !transaction) throw new Error(`job ${job.name} was sent outside the transaction of its entity manager`);
    await this.ensureQueues();
    const envelope: Envelope = { payload, sender: sender() };
    const id = await this.boss.send(job.name, envelope, {
      ...(key !== undefined && { id: nameBasedUuid(`${job.name}:${key}`, KEYS) }),
      ...(startAfter && { startAfter }),
      ...(transaction && { db: fromKysely(transaction) }),
    });
    return id ?? undefined;
  }

  onApplicationBootstrap(): void {
    if (this.config.role === 'api') {
      // The first send would try again, and report why not.
      this.ensureQueues().catch((err: unknown) => this.logging.logger.warn({ err }, 'queues of jobs'));
    } else this.working = this.startWorking();
  }
  /** Stops taking jobs, and lets those that run finish for a moment; what does not is done again by another worker. */
  async stopWorking(): Promise<void> {
    this.stopping.abort();
    await this.working;
    await this.boss.stop({ timeout: SHUTDOWN_MS });
  }
  async onModuleDestroy(): Promise<void> {
    await this.stopWorking();
  }
  async beforeApplicationShutdown(): Promise<void> {
    if (!this.pool.ended) await this.pool.end();
  }

  private async startWorking(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        await this.ensureQueues();
        await this.boss.start();
        for (const job of this.handled) await this.work(job);
        return;
      } catch (err) {
        this.logging.logger.error({ err }, 'jobs do not start yet');
        await delay(START_AGAIN_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }
  private ensureQueues(): Promise<void> {
    this.queues ??= this.createQueues().catch((error: unknown) => {
      this.queues = undefined;
      throw error;
    });
    return this.queues;
  }
  /** Queues are rows, so the role that serves may make them; settings that a release changed are brought up to date. */
  private async createQueues(): Promise<void> {
    const known = new Map((await this.boss.getQueues()).map((queue) => [queue.name, queue]));
    if (!known.has(deadLetters))
      await this.boss.createQueue(deadLetters, { retentionSeconds: DEAD_LETTERS_KEPT_DAYS * DAY });
    for (const job of this.handled) {
      const settings = settingsOf(job);
      const found = known.get(job.name);
      if (!found) await this.boss.createQueue(job.name, { ...settings, policy: policyOf(job) } as QueueOptions);
      else {
        if (found.policy !== policyOf(job))
          await this.pool.query(`update ${jobsSchema}.queue set policy = $2 where name = $1`, [
            job.name,
            policyOf(job),
          ]);
        const stale = Object.entries(settings).some(([name, value]) => found[name as keyof typeof found] !== value);
        if (stale) await this.boss.updateQueue(job.name, settings);
      }
    }
  }
  private async work(job: Job): Promise<void> {
    const { cron, polling = 2, concurrency = 1 } = job.options;
    await this.boss.work<Envelope, unknown>(
      job.name,
      {
        includeMetadata: true,
        perJobResults: true,
        pollingIntervalSeconds: polling,
        localConcurrency: concurrency,
        // Without a pause while some wait: the interval is for looking whether there are any.
        burstWhenReadyExceeds: 1,
      },
      async ([attempt]) => [await this.run(job, attempt as JobWithMetadata<Envelope>)],
    );
    if (cron !== undefined) await this.boss.schedule(job.name, cron, { payload: {} }, { tz: 'UTC', missed: 'once' });
  }

  /** One attempt: never throws, because what a handler throws is what became of the attempt. */
  private async run(job: Job, claimed: JobWithMetadata<Envelope>) {
    const { payload, sender } = claimed.data;
    const context = contextOf(job, sender);
    return runInContext(context, async () => {
      const started = performance.now();
      const attempt: Attempt = {
        id: claimed.id,
        number: claimed.retryCount + 1,
        isLast: claimed.retryCount >= claimed.retryLimit,
        signal: claimed.signal,
      };
      const line = () => ({
        job: job.name,
        jobId: claimed.id,
        attempt: attempt.number,
        durationMs: Math.round(performance.now() - started),
        statements: context.statements,
      });
      try {
        await (this.handlers.get(job.name) as JobHandler<object>)(payload, attempt);
        // Whatever it did, this attempt no longer counts: another one has the job, or had it.
        if (attempt.signal.aborted) this.logging.logger.warn(line(), 'job finished after it was given up');
        else this.logging.logger.info(line(), 'job done');
        return { id: claimed.id, status: 'completed' as const };
      } catch (err) {
        const output = errorForLog(err);
        const hopeless = err instanceof JobCannotSucceed;
        const isOver = hopeless || attempt.isLast;
        if (isOver && isRepeated(job.options))
          this.logging.logger.error({ ...line(), err }, 'job failed until its next run');
        else if (isOver) this.logging.logger.error({ ...line(), err }, 'job failed for good');
        else this.logging.logger.warn({ ...line(), err }, 'job failed, will be tried again');
        return {
          id: claimed.id,
          status: hopeless && !isRepeated(job.options) ? ('deadletter' as const) : ('failed' as const),
          output,
        };
      }
    });
  }
}

const isRepeated = ({ cron }: Job['options']): boolean => cron !== undefined;
const policyOf = ({ options }: Job) => (options.exclusive || options.cron !== undefined ? 'exclusive' : 'standard');

function settingsOf({ options }: Job) {
  return {
    retryLimit: options.retries ?? 5,
    retryDelay: options.retryDelay ?? 2,
    retryBackoff: true,
    retryDelayMax: options.retryDelayMax ?? 3600,
    expireInSeconds: options.timeout ?? 60,
    heartbeatSeconds: options.heartbeat ?? 10,
    // What runs by the clock is made good by its next run: nobody has to look at what failed.
    deadLetter: isRepeated(options) ? null : deadLetters,
  } satisfies Omit<QueueOptions, 'deadLetter'> & { deadLetter: string | null };
}

/** Ids of the request that sends, for the log lines and further requests of the job. */
function sender(): Envelope['sender'] {
  const context = currentContext();
  if (!context) return undefined;
  const { correlationId, traceId, traceparent, locale } = context;
  // A parent of our own making where the client had none (W3C Trace Context §3.2.2.4).
  return { correlationId, traceparent: traceparent ?? `00-${traceId}-${randomBytes(8).toString('hex')}-01`, locale };
}
function contextOf(job: Job, sender: Envelope['sender']): RequestContext {
  const context = createContext(`job ${job.name}`, {
    'x-correlation-id': sender?.correlationId,
    traceparent: sender?.traceparent,
    'accept-language': sender?.locale,
  });
  context.principal = `job:${job.name}`;
  return context;
}
