/** The parts of OpenAPI 3.1 that our document uses; @nestjs/swagger's own types know 3.0 only. */
export type Schema = Record<string, unknown>;
export interface Reference {
  $ref: string;
}
export interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  description?: string;
  schema: Schema;
}
export interface Header {
  description?: string;
  schema: Schema;
  example?: unknown;
}
export interface Example {
  summary?: string;
  value: unknown;
}
export interface MediaType {
  schema: Schema;
  example?: unknown;
  examples?: Record<string, Example>;
}
export interface Response {
  description?: string;
  headers?: Record<string, Header | Reference>;
  content?: Record<string, MediaType>;
}
/** A request in a programming language (`x-codeSamples`, a convention of documentation tools). */
export interface CodeSample {
  lang: string;
  label: string;
  source: string;
}
export interface Operation {
  operationId: string;
  summary?: string;
  description?: string;
  tags?: string[];
  security?: Record<string, string[]>[];
  parameters?: (Parameter | Reference)[];
  requestBody?: { description?: string; required?: boolean; content: Record<string, MediaType> };
  responses: Record<string, Response | Reference>;
  'x-codeSamples'?: CodeSample[];
}
export const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;
export type Method = (typeof methods)[number];
export type PathItem = Partial<Record<Method, Operation>> & { parameters?: (Parameter | Reference)[] };

export interface OpenApiDocument {
  openapi: string;
  info: { title: string; version: string; summary?: string; description?: string; license?: object; contact?: object };
  servers: { url: string; description?: string; 'x-internal'?: boolean }[];
  tags: { name: string; description?: string }[];
  paths: Record<string, PathItem>;
  components: {
    schemas: Record<string, Schema>;
    responses: Record<string, Response>;
    parameters: Record<string, Parameter>;
    headers: Record<string, Header>;
    securitySchemes: Record<string, object>;
  };
}

export const schemaRef = (name: string): Reference => ({ $ref: `#/components/schemas/${name}` });

/** Every operation with where it stands. */
export function* operationsOf(document: Pick<OpenApiDocument, 'paths'>): Generator<[Method, string, Operation]> {
  for (const [path, item] of Object.entries(document.paths))
    for (const method of methods) if (item[method]) yield [method, path, item[method]];
}
