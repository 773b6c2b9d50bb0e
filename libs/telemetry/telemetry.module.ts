import { Module, type DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { Config } from '#libs/config/config.js';
import { Logging } from './logging.js';

/**
 * Logging, from the configuration that a global module provides as `Config`. Its logger becomes Nest's own in
 * `configureEdge`. Without routes nestjs-pino adds nothing to a request: the edge writes the request's line.
 */
@Module({})
export class TelemetryModule {
  static forRoot(): DynamicModule {
    return {
      module: TelemetryModule,
      global: true,
      imports: [
        LoggerModule.forRootAsync({
          inject: [Logging],
          useFactory: (logging: Logging) => ({
            pinoHttp: { logger: logging.logger, wrapSerializers: false },
            forRoutes: [],
          }),
        }),
      ],
      providers: [
        {
          provide: Logging,
          inject: [Config],
          useFactory: (config: Config) => new Logging({ level: config.logging.level }),
        },
      ],
      exports: [Logging],
    };
  }
}
