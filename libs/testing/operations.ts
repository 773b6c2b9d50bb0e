import { RequestMethod, type INestApplication, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA, VERSION_METADATA } from '@nestjs/common/constants.js';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import { isObjectType, type GraphQLSchema } from 'graphql';
import { accessMarker, type AccessMarker } from '#libs/authn/access.guard.js';
import { allContracts, contractName } from '#libs/contract/fields.js';
import { allResources } from '#libs/database/resource.js';

interface Handler {
  /** `OrdersController.list` */
  readonly handler: string;
  readonly marker: AccessMarker | undefined;
}
export interface RestOperation extends Handler {
  /** `GET /v1/orders/:id` */
  readonly route: string;
  readonly operationId: string | undefined;
}
export interface GraphqlOperation extends Handler {
  /** `Query`, `Mutation`, `Subscription`, or the type that a nested field belongs to. */
  readonly type: string;
  readonly field: string;
}
export interface Operations {
  readonly rest: readonly RestOperation[];
  readonly graphql: readonly GraphqlOperation[];
  /** Fields of the schema that something else than a handler or a compiled read answers. */
  readonly strangers: readonly string[];
  /** Routes of the server that no controller serves. */
  readonly outside: readonly string[];
}
export interface Route {
  readonly method: string | string[];
  readonly url: string;
}

// Where @nestjs/graphql and @nestjs/swagger keep what their decorators say; neither exports the names.
const resolverKind = 'graphql:resolver_type';
const resolverName = 'graphql:resolver_name';
const resolverProperty = 'graphql:resolve_property';
const apiOperation = 'swagger/apiOperation';
const roots = new Set(['Query', 'Mutation', 'Subscription']);

/** The schema that answers; what Nest hands out was made before resolvers were put in. */
export const servedSchema = (app: INestApplication): GraphQLSchema =>
  (app.getHttpAdapter().getInstance() as { graphql: { schema: GraphQLSchema } }).graphql.schema;

/** Everything that can be called: what decorators declare, against the routes of the server and the schema. */
export function operationsOf(app: INestApplication, routes: readonly Route[]): Operations {
  const rest: RestOperation[] = [];
  const graphql: GraphqlOperation[] = [];
  for (const module of app.get(ModulesContainer).values()) {
    for (const { metatype } of module.controllers.values()) rest.push(...routesOf(metatype as Type));
    for (const { metatype } of module.providers.values())
      if (typeof metatype === 'function' && metatype.prototype) graphql.push(...resolversOf(metatype as Type));
  }
  const served = new Set(rest.map((r) => r.route));
  const all = routes.flatMap(({ method, url }) => [method].flat().map((m) => `${m} ${url}`));
  // Fastify answers HEAD wherever it answers GET.
  const isDerived = (route: string) => route.startsWith('HEAD ') && all.includes(route.replace('HEAD', 'GET'));
  const outside = all.filter((route) => !served.has(route) && !isDerived(route));
  return { rest, graphql, strangers: strangersOf(app, graphql), outside: [...new Set(outside)] };
}
function handlersOf(type: Type): { name: string; method: object; of: Handler }[] {
  return new MetadataScanner().getAllMethodNames(type.prototype as object).map((name) => {
    const method = (type.prototype as Record<string, object>)[name];
    const marker = (Reflect.getMetadata(accessMarker, method) ??
      Reflect.getMetadata(accessMarker, type)) as AccessMarker;
    return { name, method, of: { handler: `${type.name}.${name}`, marker } };
  });
}
function routesOf(controller: Type): RestOperation[] {
  const all = (key: string, target: object) => [Reflect.getMetadata(key, target) as unknown].flat() as string[];
  return handlersOf(controller).flatMap(({ method, of }) => {
    const verb = Reflect.getMetadata(METHOD_METADATA, method) as RequestMethod | undefined;
    if (verb === undefined) return [];
    const version = [...all(VERSION_METADATA, method), ...all(VERSION_METADATA, controller)].find(Boolean);
    const operationId = (Reflect.getMetadata(apiOperation, method) as { operationId?: string } | undefined)
      ?.operationId;
    return all(PATH_METADATA, controller).flatMap((base) =>
      all(PATH_METADATA, method).map((path) => {
        const parts = [version && `v${version}`, base, path].filter((p) => p && p !== '/');
        const url = `/${parts.join('/')}`.replaceAll(/\/+/g, '/');
        return { ...of, operationId, route: `${RequestMethod[verb]} ${url}` };
      }),
    );
  });
}
function resolversOf(resolver: Type): GraphqlOperation[] {
  const contracts = new Map(allContracts().map(([type, { name }]) => [type.name, name]));
  return handlersOf(resolver).flatMap(({ name, method, of }) => {
    const kind = Reflect.getMetadata(resolverKind, method) as unknown;
    const field = (Reflect.getMetadata(resolverName, method) as string | undefined) ?? name;
    if (typeof kind === 'string' && roots.has(kind)) return [{ ...of, type: kind, field }];
    if (!Reflect.getMetadata(resolverProperty, method)) return [];
    const parent = Reflect.getMetadata(resolverKind, resolver) as string;
    return [{ ...of, type: contracts.get(parent) ?? parent, field }];
  });
}
/** Fields with a resolver that no class of ours declares, apart from what every view has: `etag` and hidden fields. */
function strangersOf(app: INestApplication, known: readonly GraphqlOperation[]): string[] {
  const schema = servedSchema(app);
  const derived = new Set(
    [...allResources()].flatMap((resource) => {
      const type = contractName(resource.definition.view);
      return ['etag', ...resource.restrictable().map((f) => f.name)].map((name) => `${type}.${name}`);
    }),
  );
  const declared = new Set(known.map((o) => `${o.type}.${o.field}`));
  return Object.values(schema.getTypeMap()).flatMap((type) =>
    isObjectType(type) && !type.name.startsWith('__')
      ? Object.values(type.getFields())
          .filter((field) => field.resolve !== undefined || roots.has(type.name))
          .map((field) => `${type.name}.${field.name}`)
          .filter((name) => !declared.has(name) && !derived.has(name))
      : [],
  );
}

/** The GraphQL field that is the twin of a REST operation: `listOrders` is `orders`, `getOrder` is `order`. */
export const twinOf = (operationId: string): string =>
  operationId.replace(/^(?:list|get)([A-Z])/, (_, letter: string) => letter.toLowerCase());

/** What may be otherwise, by route, `Type.field` or operationId, and why. */
export type Exceptions = Readonly<Record<string, string>>;

/** What is open, or there for one API only, without a reason; and reasons for what is not there any more. */
export function problemsOf(operations: Operations, exceptions: Exceptions): string[] {
  const { rest, graphql, strangers, outside } = operations;
  const used = new Set<string>();
  const excused = (name: string) => {
    if (!Object.hasOwn(exceptions, name)) return false;
    used.add(name);
    return true;
  };
  const problems: string[] = [];
  const fields = graphql.filter((o) => roots.has(o.type));
  const twins = new Map<string, RestOperation>();
  for (const operation of rest) {
    const { route, operationId, marker, handler } = operation;
    if (!marker) problems.push(`${handler} (${route}) carries no access marker`);
    if (excused(route)) continue;
    if (!operationId) {
      problems.push(`${handler} (${route}) has no operationId`);
      continue;
    }
    if (twins.has(twinOf(operationId))) problems.push(`${handler}: there are two ${operationId}`);
    twins.set(twinOf(operationId), operation);
    const twin = fields.find((f) => f.field === twinOf(operationId));
    if (!twin && !excused(operationId))
      problems.push(`${operationId} (${route}) has no GraphQL twin ${twinOf(operationId)}`);
    if (twin && JSON.stringify(twin.marker) !== JSON.stringify(marker))
      problems.push(`${handler} and ${twin.handler} carry different access markers`);
  }
  for (const { type, field, marker, handler } of graphql) {
    if (!marker) problems.push(`${handler} (${type}.${field}) carries no access marker`);
    if (roots.has(type) && !twins.has(field) && !excused(`${type}.${field}`))
      problems.push(`${type}.${field} has no REST twin`);
  }
  for (const field of strangers) if (!excused(field)) problems.push(`${field} is resolved by nobody we know`);
  for (const route of outside) if (!excused(route)) problems.push(`${route} is served by no controller`);
  for (const name of Object.keys(exceptions)) if (!used.has(name)) problems.push(`the exception ${name} is not needed`);
  return problems;
}
