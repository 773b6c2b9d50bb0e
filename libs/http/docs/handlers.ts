import type { INestApplication } from '@nestjs/common';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import { accessMarker, type AccessMarker } from '#libs/authn/access.guard.js';
import type { ErrorRow } from '#libs/errors/catalogue.js';
import { operationErrors } from '#libs/http/operation.js';

/** What the decorators of a REST handler say beside what @nestjs/swagger reads of them. */
export interface Handler {
  readonly access: AccessMarker | undefined;
  readonly errors: readonly ErrorRow[];
}
/** Where @nestjs/swagger keeps `@ApiOperation`. */
const apiOperation = 'swagger/apiOperation';

/** The handlers of all controllers by operationId. */
export function handlersOf(app: INestApplication): Map<string, Handler> {
  const handlers = new Map<string, Handler>();
  const scanner = new MetadataScanner();
  for (const module of app.get(ModulesContainer).values())
    for (const { metatype } of module.controllers.values()) {
      const prototype = (metatype as { prototype: Record<string, object> }).prototype;
      for (const name of scanner.getAllMethodNames(prototype)) {
        const method = prototype[name];
        const operation = Reflect.getMetadata(apiOperation, method) as { operationId?: string } | undefined;
        if (!operation?.operationId) continue;
        if (handlers.has(operation.operationId)) throw new Error(`operationId ${operation.operationId} is given twice`);
        handlers.set(operation.operationId, {
          access: (Reflect.getMetadata(accessMarker, method) ??
            Reflect.getMetadata(accessMarker, metatype as object)) as AccessMarker | undefined,
          errors: (Reflect.getMetadata(operationErrors, method) ?? []) as readonly ErrorRow[],
        });
      }
    }
  return handlers;
}
