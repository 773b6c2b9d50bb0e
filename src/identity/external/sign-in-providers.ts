import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { Config } from '#libs/config/config.js';
import { Egress } from '#libs/egress/egress.js';
import { SignInProvider } from './sign-in-provider.js';

const keepUpEvery = 30_000;

/** The providers that the configuration names. None of them is asked for anything before somebody wants to sign in there. */
@Injectable()
export class SignInProviders implements OnApplicationBootstrap, BeforeApplicationShutdown {
  /** In the order in which they are offered. */
  readonly all: readonly SignInProvider[];
  private timer?: NodeJS.Timeout;

  constructor(config: Config, egress: Egress, logger: PinoLogger) {
    this.all = config.signInProviders.map((settings) => new SignInProvider(settings, egress, logger));
  }
  find(id: string): SignInProvider | undefined {
    return this.all.find(({ settings }) => settings.id === id);
  }
  ofIssuer(issuer: string): SignInProvider | undefined {
    return this.all.find(({ settings }) => settings.issuer === issuer);
  }
  onApplicationBootstrap(): void {
    if (this.all.length > 0) this.timer = setInterval(() => void this.keepUp(), keepUpEvery).unref();
  }
  beforeApplicationShutdown(): void {
    clearInterval(this.timer);
  }
  async keepUp(): Promise<void> {
    await Promise.all(this.all.map((provider) => provider.keepUp()));
  }
}
