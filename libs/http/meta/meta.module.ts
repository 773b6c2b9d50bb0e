import { Module } from '@nestjs/common';
import { MessagesController } from './messages.controller.js';
import { SchemasController } from './schemas.controller.js';

/** What clients check and show as the service does: the rules of inputs and the texts of the catalogue. */
@Module({ controllers: [SchemasController, MessagesController] })
export class MetaModule {}
