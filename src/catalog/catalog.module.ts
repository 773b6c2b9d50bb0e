import { Module } from '@nestjs/common';
import './catalog.policy.js';
import { Stock } from './stock.js';

@Module({ providers: [Stock], exports: [Stock] })
export class CatalogModule {}
