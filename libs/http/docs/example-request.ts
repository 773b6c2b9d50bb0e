import type { MediaType, Method, OpenApiDocument, Operation, Parameter, Schema } from './openapi-document.js';

/** A request that an operation takes, made of what the document gives as examples. */
export interface ExampleRequest {
  readonly method: string;
  /** Without the query. */
  readonly url: string;
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: unknown;
  /** Whether a success has a body. */
  readonly answersWithBody: boolean;
}

/** Parameters that somebody who reads a list gives beside a filter. */
const usualOfLists = new Set(['sort', 'limit']);
const usualHeaders = new Set(['Accept-Language', 'If-Match']);
/** Constants of an enum, which both APIs write in upper case. */
const isChoice = (value: string) => /^[A-Z][A-Z0-9_]*(,[A-Z][A-Z0-9_]*)*$/.test(value);

export function exampleRequest(
  document: OpenApiDocument,
  [method, path, operation]: readonly [Method, string, Operation],
  publicUrl: string,
): ExampleRequest {
  const parameters = parametersOf(document, path, operation);
  const values = (place: Parameter['in'], isShown: (parameter: Parameter) => boolean | undefined) =>
    parameters.filter((p) => p.in === place && isShown(p)).map((p) => [p.name, exampleOfParameter(p)] as const);
  const filter = parameters.find((p) => p.in === 'query' && !p.required && isChoice(exampleOfParameter(p)));
  const body = operation.requestBody?.content['application/json']?.example;
  const inPath = new Map(values('path', () => true));
  return {
    method: method.toUpperCase(),
    url: serverOf(document, publicUrl) + path.replace(/\{(.+?)\}/g, (_, name: string) => encoded(inPath.get(name)!)),
    query: values('query', (p) => p.required || usualOfLists.has(p.name) || p === filter),
    headers: [
      ...(needsToken(operation) ? [['Authorization', 'Bearer <access token>'] as const] : []),
      ...values('header', (p) => p.required || usualHeaders.has(p.name)),
      ...(body === undefined ? [] : [['Content-Type', 'application/json'] as const]),
    ],
    ...(body !== undefined && { body }),
    answersWithBody: successesOf(operation).some((content) => content.length > 0),
  };
}

/** All parameters of an operation, those that its path shares among them, without references. */
export function parametersOf(document: OpenApiDocument, path: string, operation: Operation): Parameter[] {
  return [...(operation.parameters ?? []), ...(document.paths[path].parameters ?? [])].map((parameter) =>
    '$ref' in parameter ? document.components.parameters[parameter.$ref.split('/').at(-1)!] : parameter,
  );
}
/** The value that the document gives as an example, as text. */
export function exampleOfParameter({ name, schema }: Parameter): string {
  const {
    examples,
    default: preset,
    enum: choices,
  } = schema as Schema & Record<'examples' | 'enum', unknown[] | undefined>;
  const value = examples?.[0] ?? preset ?? choices?.[0];
  if (value === undefined) throw new Error(`The parameter ${name} has no example.`);
  return typeof value === 'string' ? value : JSON.stringify(value);
}
/** Whether it answers callers without a token with 401. */
export const needsToken = ({ security = [] }: Operation): boolean =>
  security.length > 0 && security.every((scheme) => Object.keys(scheme).length > 0);

const successesOf = ({ responses }: Operation): MediaType[][] =>
  Object.entries(responses)
    .filter(([status]) => status.startsWith('2'))
    .map(([, response]) => ('$ref' in response ? [] : Object.values(response.content ?? {})));
/** Address of the server, relative ones completed, without a slash at the end. */
const serverOf = ({ servers }: OpenApiDocument, publicUrl: string) =>
  new URL(servers[0].url, `${publicUrl}/`).href.replace(/\/$/, '');
/** Also the apostrophe: samples stand between quotes. */
const encoded = (value: string) => encodeURIComponent(value).replaceAll("'", '%27');
