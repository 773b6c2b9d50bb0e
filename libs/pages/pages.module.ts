import { Global, Module } from '@nestjs/common';
import { Pages } from './pages.js';
import { SignedValues } from './signed-values.js';

@Global()
@Module({ providers: [Pages, SignedValues], exports: [Pages, SignedValues] })
export class PagesModule {}
