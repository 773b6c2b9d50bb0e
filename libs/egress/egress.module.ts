import { Global, Module } from '@nestjs/common';
import { Egress } from './egress.js';
import { Resolver } from './resolver.js';

@Global()
@Module({ providers: [Resolver, Egress], exports: [Egress] })
export class EgressModule {}
