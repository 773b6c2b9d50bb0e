import { Args, Extensions, ResolveField, Resolver } from '@nestjs/graphql';
import { accessMarker, type AccessMarker } from '#libs/authn/access.guard.js';
import type { Type } from '#libs/contract/fields.js';
import type { Resource } from '#libs/database/resource.js';
import type { ConnectionArguments, ConnectionValue } from './connection.js';

/** A field that holds a page of the rows that belong to its own: `User.orders`. */
export interface ChildPages {
  readonly resource: Resource;
  /** The column with the id of the row that they belong to. */
  readonly key: string;
  readonly marker: AccessMarker;
}
interface Declaration extends Omit<ChildPages, 'marker'> {
  /** The view that gets the field. */
  readonly parent: Type;
  readonly field: string;
  readonly page: new () => ConnectionValue;
  readonly args: new () => ConnectionArguments;
  /** `Public()`, `SignedIn()` or `Can(…)`. */
  readonly access: MethodDecorator;
  readonly description: string;
}
const extension = 'childPages';

/**
 * Declares such a field, as a class for the module's providers. Rows are read for all parents of an answer at once, and by
 * the schema itself: a handler for each parent would cost as much as its page.
 */
export function childPages(name: string, declaration: Declaration): new () => object {
  const { parent, field, page, args, access, description, resource, key } = declaration;
  const declared = { [name]: class {} }[name];
  const prototype = declared.prototype as Record<string, unknown>;
  prototype[field] = () => undefined;
  const decorate = (decorator: MethodDecorator) =>
    decorator(prototype, field, Object.getOwnPropertyDescriptor(prototype, field)!);
  // As the compiler would write it for a method.
  Reflect.defineMetadata('design:paramtypes', [args], prototype, field);
  Args()(prototype, field, 0);
  decorate(access);
  decorate(ResolveField(() => page, { description, nullable: true }));
  const marker = Reflect.getMetadata(accessMarker, prototype[field] as object) as AccessMarker;
  decorate(Extensions({ [extension]: { resource, key, marker } satisfies ChildPages }));
  Resolver(() => parent)(declared);
  return declared;
}
/** What `childPages` has declared of a field of the schema. */
export const childPagesOf = ({
  extensions,
}: {
  readonly extensions: Record<string, unknown>;
}): ChildPages | undefined => extensions[extension] as ChildPages | undefined;
