import { Global, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { Lifecycle } from './lifecycle.js';
import { ErrorFilter } from './send-error.js';

/** The parts of the edge that other modules can inject, and Nest's half of the error handling. */
@Global()
@Module({ providers: [Lifecycle, { provide: APP_FILTER, useClass: ErrorFilter }], exports: [Lifecycle] })
export class EdgeModule {}
