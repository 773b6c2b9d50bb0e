import { Global, Module } from '@nestjs/common';
import { Config } from '#libs/config/config.js';
import { Secrets } from './secrets.js';

@Global()
@Module({
  providers: [{ provide: Secrets, inject: [Config], useFactory: (config: Config) => new Secrets(config) }],
  exports: [Secrets],
})
export class SecretsModule {}
