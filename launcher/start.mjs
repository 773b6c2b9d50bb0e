import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildWhenChanged } from './build.mjs';
import { waitForClaim } from './claim.mjs';
import { dataFolder, prepareDataFolder, readJson, writePrivateJson } from './data-folder.mjs';
import { openEmbeddedDatabase } from './embedded-database.mjs';
import { Failure } from './failure.mjs';
import { provideEncryptionKey } from './keys.mjs';
import { freePort, obstacleTo } from './ports.mjs';
import { startService, stopLeftoverService, whenReady } from './service.mjs';
import { listenForStop } from './stop-request.mjs';
import { welcome } from './welcome.mjs';

/**
 * @typedef {import('./postgres-server.mjs').RunningServer} RunningServer
 * @typedef {import('./service.mjs').RunningService} RunningService
 * @typedef {Awaited<ReturnType<typeof openEmbeddedDatabase>>} EmbeddedDatabase
 */

const DATABASE_VARIABLES = ['DATABASE_URL', 'DATABASE_DIRECT_URL', 'DATABASE_OWNER_URL'];

/** Restarts of a killed database within a minute, after which something is wrong that a restart does not heal. */
const RESTARTS = 5;

/**
 * Builds, starts the embedded database and the service, and stays until one of them ends or somebody stops it.
 * @param {{ root: string, env: NodeJS.ProcessEnv, whenParentEnds: (callback: () => void) => void }} options
 * @returns {Promise<number>} the exit code
 */
export async function main({ root, env, whenParentEnds }) {
  // A closed terminal or pipe is no reason to leave a database behind.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  const request = listenForStop(whenParentEnds);
  const data = dataFolder(root, env);
  prepareDataFolder(data);

  /** @type {{ pid: number, url?: string, stopping: boolean }} */
  const self = { pid: process.pid, stopping: false };
  request.signal.addEventListener('abort', () => (self.stopping = true));
  const claim = await waitForClaim(data, {
    describe: () => self,
    // A launcher whose npm was killed notices it a moment later, and then makes way.
    patience: 1_000,
    signal: request.signal,
    refuse: (holder) =>
      new Failure(
        `Tandem is already running in this folder${holder?.url ? `, at ${holder.url}` : ''}${holder ? ` (process ${holder.pid})` : ''}.`,
        'Stop it with Ctrl-C, or set DATA_DIR and PORT to run another one.',
      ),
  });
  const run = new Run(root, data, env, request, self);
  try {
    return await run.toTheEnd();
  } catch (error) {
    if (!request.signal.aborted) throw error;
    return 0;
  } finally {
    self.stopping = true;
    await run.stop();
    claim.release();
  }
}

/** One start of Tandem, and what has to be stopped after it. */
class Run {
  /** @type {RunningServer | undefined} */
  #database;
  /** @type {RunningService | undefined} */
  #service;
  /** @type {Promise<number>} */
  #databaseEnded = new Promise(() => {});
  /** @type {Promise<RunningServer> | undefined} */
  #restarting;
  #ending = new AbortController();

  /**
   * @param {string} root
   * @param {string} data
   * @param {NodeJS.ProcessEnv} env
   * @param {import('./stop-request.mjs').StopRequest} request
   * @param {{ url?: string }} self
   */
  constructor(root, data, env, request, self) {
    this.root = root;
    this.data = data;
    this.env = env;
    this.request = request;
    this.self = self;
    this.signal = AbortSignal.any([request.signal, this.#ending.signal]);
    request.whenForced(() => {
      this.#service?.kill();
      void this.#database?.stop('immediate');
    });
  }

  /** @returns {Promise<number>} the exit code */
  async toTheEnd() {
    const { root, data, signal } = this;
    const noteFile = join(data, 'running.json');
    await stopLeftoverService(root, readJson(noteFile)?.servicePid);
    const built = await buildWhenChanged(root, signal);

    const { env, embedded } = await serviceEnvironment(this.env, data);
    const config = await checkConfig(
      root,
      embedded ? { ...env, DATABASE_URL: 'postgres://embedded@localhost/embedded' } : env,
    );
    await requireFreePort(config.http);

    const database = embedded
      ? await openEmbeddedDatabase({ root, data, database: 'tandem', durable: true, signal })
      : undefined;
    if (database) {
      this.#database = await database.start(signal);
      env.DATABASE_URL = database.servingUrl();
      env.DATABASE_OWNER_URL = database.ownerUrl();
    }
    signal.throwIfAborted();
    const service = startService({ root, env, graceSeconds: config.http.shutdownGraceSeconds });
    this.#service = service;
    writePrivateJson(noteFile, {
      servicePid: service.pid,
      issuer: config.tokens.issuer,
      audience: config.tokens.audience,
      databaseUrl: env.DATABASE_URL,
    });
    if (database) {
      this.#databaseEnded = this.#keepRunning(database);
      // It is looked at below, when the service is ready; until then a failure must not count as unhandled.
      this.#databaseEnded.catch(() => {});
    }
    const failed = await whenReady(service, { ...config.http, signal });
    if (failed === undefined) {
      this.self.url = config.http.publicUrl;
      process.stdout.write(welcome(config, { built }));
    }
    return Promise.race([
      service.exited.then((code) => this.#serviceEnded(code)),
      this.#databaseEnded,
      this.request.whenRequested.then(() => 0),
    ]);
  }

  /** The service first, so that running requests still have their database. */
  async stop() {
    await this.#service?.stop();
    // Ends a restart of the database that may be under way, which would otherwise outlive us.
    this.#ending.abort();
    await this.#restarting?.catch(() => {});
    await this.#database?.stop(this.request.forced ? 'immediate' : 'fast');
  }

  /** @param {number} code */
  #serviceEnded(code) {
    if (this.request.signal.aborted) return 0;
    process.stderr.write(`The service has ended with exit code ${code}.\n`);
    return code;
  }

  /**
   * Restarts the database when it was killed. Resolves to an exit code when that does not help.
   * @param {EmbeddedDatabase} database
   * @returns {Promise<number>}
   */
  async #keepRunning(database) {
    /** @type {number[]} */
    const restarts = [];
    for (;;) {
      await this.#database?.exited;
      if (this.signal.aborted) return 0;
      const recent = restarts.filter((time) => time > Date.now() - 60_000);
      if (recent.length >= RESTARTS) {
        process.stderr.write(`The embedded PostgreSQL keeps ending. Its log is ${join(this.data, 'postgres.log')}.\n`);
        return 1;
      }
      restarts.push(Date.now());
      process.stderr.write('The embedded PostgreSQL has ended; starting it again.\n');
      this.#restarting = database.restart(this.signal);
      this.#database = await this.#restarting;
    }
  }
}

/**
 * What the service gets: defaults for a developer's machine, and over them all that the user has set. `embedded` says
 * whether the database is ours to add. In production nothing is, so that the service names what is missing.
 * @param {NodeJS.ProcessEnv} env
 * @param {string} data
 * @returns {Promise<{ env: NodeJS.ProcessEnv, embedded: boolean }>}
 */
async function serviceEnvironment(env, data) {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
  if (set.NODE_ENV === 'production') return { env: set, embedded: false };
  const embedded = DATABASE_VARIABLES.every((name) => !set[name]);
  const defaults = {
    NODE_ENV: 'development',
    ENCRYPTION_KEYS: provideEncryptionKey(data),
    // Somebody else's database is not the place for demo accounts that nobody asked for.
    DEMO_DATA: String(embedded),
    // Compiled modules are kept, which shortens the next start.
    NODE_COMPILE_CACHE: join(data, 'compile-cache'),
  };
  // The launcher has to know the port, so it chooses the free one itself.
  if (set.PORT === '0') set.PORT = String(await freePort());
  return { env: { ...defaults, ...set }, embedded };
}

/**
 * The service checks the same when it starts; asked here, the answer comes before a database is started in vain.
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<import('../libs/config/config.ts').Config>}
 */
async function checkConfig(root, env) {
  const { loadConfig } = await import(pathToFileURL(join(root, 'dist/libs/config/config.js')).href);
  return loadConfig(env);
}

/** @param {{ host: string, port: number }} http */
async function requireFreePort({ host, port }) {
  const code = await obstacleTo(port, host);
  if (code === undefined) return;
  if (code === 'EADDRINUSE') {
    throw new Failure(
      `Port ${port} is taken by another program.`,
      `Stop that program, or choose another port: PORT=${port + 1} npm start`,
    );
  }
  if (code === 'EACCES') {
    throw new Failure(
      `The current user may not listen on port ${port}.`,
      'Choose a port from 1024 on: PORT=3000 npm start',
    );
  }
  throw new Failure(
    `HOST names no address of this machine (${code}).`,
    'Set HOST to 127.0.0.1, or to 0.0.0.0 for all addresses.',
  );
}
