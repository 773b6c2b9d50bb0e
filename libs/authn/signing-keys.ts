import { Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { Statements } from '#libs/database/statements.js';
import { Secrets } from '#libs/secrets/secrets.js';
import { SigningKeyStore, type SigningKey } from './signing-key-store.js';

const pollEvery = 5_000;
/** Tokens with a key id that nobody has must not become statements: at most one look in so many milliseconds. */
const lookAgainAfter = 1_000;

/** The keys of the table as this instance knows them, renewed every few seconds. */
@Injectable()
export class SigningKeys implements OnModuleInit, BeforeApplicationShutdown {
  private readonly store: SigningKeyStore;
  private keys: readonly SigningKey[] = [];
  private readonly listeners: (() => void)[] = [];
  private loading?: Promise<void>;
  private loadedAt = -Infinity;
  private timer?: NodeJS.Timeout;
  private ended = false;

  constructor(
    statements: Statements,
    secrets: Secrets,
    private readonly logger: PinoLogger,
  ) {
    this.store = new SigningKeyStore((text, values) => statements.run({ text }, values), secrets);
  }
  /** The one that signs comes first; empty only while the database has not answered yet. */
  get published(): readonly SigningKey[] {
    return this.keys;
  }
  /** `listener` is called whenever keys have come, gone or changed their state. */
  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }
  async onModuleInit(): Promise<void> {
    await this.look();
    this.schedule();
  }
  async beforeApplicationShutdown(): Promise<void> {
    this.ended = true;
    clearTimeout(this.timer);
    await this.loading?.catch(() => undefined);
  }
  /** Reads the table, and makes the keys that are due. */
  load(): Promise<void> {
    this.loading ??= this.loadOnce().finally(() => (this.loading = undefined));
    return this.loading;
  }
  /** For a key id that is not known here: another instance may have made it a moment ago. */
  async lookAgain(): Promise<void> {
    if (performance.now() - this.loadedAt < lookAgainAfter) return;
    await this.load();
  }
  private async look(): Promise<void> {
    await this.load().catch((error: unknown) => this.logger.warn({ err: error }, 'signing keys cannot be read'));
  }
  private schedule(): void {
    if (this.ended) return;
    this.timer = setTimeout(() => void this.look().then(() => this.schedule()), pollEvery).unref();
  }
  private async loadOnce(): Promise<void> {
    await this.store.keepUp();
    const keys = await this.store.read();
    this.loadedAt = performance.now();
    const before = JSON.stringify(this.keys.map(stateOf));
    this.keys = keys;
    if (before !== JSON.stringify(keys.map(stateOf))) for (const listener of this.listeners) listener();
  }
}
const stateOf = ({ kid, state, publicJwk }: SigningKey) => [kid, state, publicJwk.x];
