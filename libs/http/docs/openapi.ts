import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { AccessMarker } from '#libs/authn/access.guard.js';
import { Roles } from '#libs/authz/roles.js';
import { apiScopes, fullScope, scopeFor, type ApiScope } from '#libs/authz/scopes.js';
import { allContracts } from '#libs/contract/fields.js';
import { allResources } from '#libs/database/resource.js';
import { componentSchemas, exampleOf, referredSchemas } from './component-schemas.js';
import {
  byStatus,
  correlationIdSchema,
  errorResponse,
  errorResponseName,
  errorSchemas,
  generalErrors,
} from './error-responses.js';
import { handlersOf, type Handler } from './handlers.js';
import {
  operationsOf,
  schemaRef,
  type Header,
  type Method,
  type OpenApiDocument,
  type Operation,
  type Parameter,
  type Reference,
  type Response,
  type Schema,
} from './openapi-document.js';
import { idSchema } from './parameter-schemas.js';

/** What the document says of the service as a whole; the rest follows from the code. */
export interface ApiDescription {
  readonly title: string;
  /** Version of the contract, not of the build. */
  readonly version: string;
  /** One sentence. */
  readonly summary: string;
  /** Markdown. */
  readonly description: string;
  /** What GraphiQL starts with. */
  readonly exampleQuery: string;
  /** File with the Postman collection of these operations. */
  readonly postmanCollection: URL;
  /** Where access tokens come from: addresses of the issuer, and the client that Swagger UI signs in as. */
  readonly signIn: { readonly authorizationPath: string; readonly tokenPath: string; readonly clientId: string };
  /** Descriptions of tags that are not the plural of a resource. */
  readonly tags?: Readonly<Record<string, string>>;
}

const rateLimitSchema: Schema = { type: 'string', maxLength: 200, pattern: '^"[ -~]*$' };
const headers: Record<string, Header> = {
  'X-Correlation-Id': {
    description: 'Id of the request: the caller’s own when it sent a valid one. Errors and logs carry it.',
    schema: correlationIdSchema,
  },
  'Cache-Control': {
    description: 'Who may keep the answer and for how long (RFC 9111).',
    schema: { type: 'string', maxLength: 200, pattern: '^[ -~]*$', examples: ['private, no-cache'] },
  },
  'Access-Control-Allow-Origin': {
    description: 'The caller’s origin, when it is on the allow-list; absent otherwise (CORS).',
    schema: { type: 'string', format: 'uri', maxLength: 300, examples: ['https://app.example.com'] },
  },
  'Retry-After': {
    description: 'Seconds to wait before the next try.',
    schema: { type: 'integer', format: 'int32', minimum: 1, maximum: 86400, examples: [1] },
  },
  'RateLimit-Policy': {
    description:
      'The limit that holds for the caller (IETF draft `ratelimit-headers`): its name, `default` for an account and `anonymous` for a network without a valid token, the requests `q` and the seconds `w` of a window. Absent where shared caches may keep the answer.',
    schema: { ...rateLimitSchema, examples: ['"default";q=600;w=60'] },
  },
  RateLimit: {
    description: 'What is left of it: requests `r`, and seconds `t` until all are there again.',
    schema: { ...rateLimitSchema, examples: ['"default";r=599;t=60'] },
  },
  'WWW-Authenticate': {
    description: 'How to authenticate, or which scope a token lacks (RFC 6750).',
    schema: { type: 'string', maxLength: 200, pattern: '^Bearer', examples: ['Bearer error="invalid_token"'] },
  },
};
/** References to some of them, by name. */
const headersNamed = (...names: string[]): Record<string, Reference> =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
const everywhere = headersNamed(
  'X-Correlation-Id',
  'Cache-Control',
  'Access-Control-Allow-Origin',
  'RateLimit-Policy',
  'RateLimit',
);
const onStatus: Readonly<Record<string, Record<string, Reference>>> = {
  401: headersNamed('WWW-Authenticate'),
  403: headersNamed('WWW-Authenticate'),
  429: headersNamed('Retry-After'),
  503: headersNamed('Retry-After'),
};
/** Header fields that every operation takes. */
const parameters: Record<string, Parameter> = {
  AcceptLanguage: {
    name: 'Accept-Language',
    in: 'header',
    required: false,
    description:
      'Languages for texts, the best one first (RFC 9110 §12.5.4). Without one of ours the account’s own answers.',
    schema: { type: 'string', maxLength: 400, pattern: '^[ -~]*$', examples: ['de-AT, en;q=0.8'] },
  },
  CorrelationId: {
    name: 'X-Correlation-Id',
    in: 'header',
    required: false,
    description: 'An id of the caller’s own for this request; made by the service when absent or not valid.',
    schema: correlationIdSchema,
  },
};

/** The OpenAPI 3.1 document of all REST operations; the application must be created, it need not listen. */
export function openApiDocument(app: INestApplication, about: ApiDescription): OpenApiDocument {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle(about.title)
    .setDescription(about.description)
    .setVersion(about.version);
  const document = structuredClone(SwaggerModule.createDocument(app, builder.build())) as unknown as OpenApiDocument;
  const handlers = handlersOf(app);
  const responses: Record<string, Response> = {};
  const lists: Record<string, Schema> = {};
  for (const [method, path, operation] of operationsOf(document)) {
    const handler = handlers.get(operation.operationId) ?? { access: undefined, errors: [] };
    completeAccess(operation, handler.access);
    completeSuccesses(operation, lists);
    addErrors(operation, responses, errorsOf(method, path, handler));
    completeBody(method, operation);
    for (const parameter of operation.parameters ?? [])
      if ('schema' in parameter && parameter.schema.format === 'uuid')
        parameter.schema = { ...idSchema, ...parameter.schema };
  }
  for (const item of Object.values(document.paths))
    item.parameters = Object.keys(parameters).map((name) => ({ $ref: `#/components/parameters/${name}` }));
  const used = [...operationsOf(document)].flatMap(([, , operation]) => operation.tags ?? []);
  const others: Record<string, Schema> = { ...document.components.schemas, ...lists, ...errorSchemas() };
  return withoutUndefined({
    openapi: document.openapi,
    info: {
      ...document.info,
      contact: { name: about.title },
      summary: about.summary,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    // Relative, so that the document is right under whatever name the service is reached.
    servers: [
      {
        url: '/',
        description: 'The service that this document comes from, be it local, staging or production.',
        'x-internal': false,
      },
    ],
    tags: [...new Set(used)].sort().map((name) => ({ name, description: about.tags?.[name] ?? tagDescription(name) })),
    paths: Object.fromEntries(Object.entries(document.paths).sort(([a], [b]) => (a < b ? -1 : 1))),
    components: {
      schemas: componentSchemas(referredSchemas([document.paths, responses]), others),
      responses: Object.fromEntries(Object.entries(responses).sort(([a], [b]) => (a < b ? -1 : 1))),
      parameters,
      headers,
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description:
            'A JWT access token (RFC 9068), signed with ES256 and checked as RFC8725 demands: algorithm, type, issuer, audience and times.',
        },
        oauth2: signInScheme(about.signIn),
      },
    },
  });
}
/** A tag is the path of the resource that its operations are about. */
function tagDescription(tag: string): string | undefined {
  const found = [...allResources()].find((r) => r.path === tag);
  return found && allContracts().find(([contract]) => contract === found.definition.view)?.[1].description;
}

/** How the token of the other scheme is come by. Addresses are relative, like that of the server. */
function signInScheme({ authorizationPath, tokenPath }: ApiDescription['signIn']): object {
  const scopes = Object.fromEntries(apiScopes().map((scope) => [scope.name, describeScope(scope)]));
  return {
    type: 'oauth2',
    description: `Sign-in at the service itself, for a JWT access token (RFC 9068, checked as RFC8725 demands); PKCE with S256 is required. An operation names the least scope that it takes: \`${fullScope}\` is every scope, and writing includes reading.`,
    flows: {
      authorizationCode: { authorizationUrl: authorizationPath, tokenUrl: tokenPath, refreshUrl: tokenPath, scopes },
      clientCredentials: { tokenUrl: tokenPath, scopes },
    },
  };
}
function describeScope({ resource, access }: ApiScope): string {
  if (resource === undefined) return 'Everything that the account may do.';
  const what = resource.replaceAll('-', ' ');
  return access === 'read' ? `See ${what}.` : `See and change ${what}.`;
}

const anonymous = () => new Roles().actor(null, []);
/** Whether the built-in rules let somebody without an account call it. */
const isOpen = (access: AccessMarker | undefined): boolean =>
  access?.kind === 'public' || (access?.kind === 'can' && anonymous().mayEver(access.action, access.subject));

function completeAccess(operation: Operation, access: AccessMarker | undefined): void {
  const scope = access && access.kind !== 'public' ? scopeFor(access.action, access.subject) : undefined;
  const token = { bearer: [] };
  const signIn = { oauth2: scope === undefined ? [] : [scope] };
  operation.security = isOpen(access) ? [{}, token, signIn] : [token, signIn];
  const who =
    access?.kind === 'can'
      ? `whoever has the right \`${access.action}\` on \`${access.subject}\`${isOpen(access) ? ', as everybody has' : ''}`
      : access?.kind === 'signedIn'
        ? 'any account'
        : access?.kind === 'public'
          ? 'anybody'
          : 'nobody';
  operation.description =
    `${operation.description ?? operation.summary ?? ''}\n\nAccess: ${who}.${scope === undefined ? '' : ` Scope: \`${scope}\`.`}`.trim();
}

function errorsOf(method: Method, path: string, { access, errors }: Handler) {
  const general = generalErrors({
    method,
    hasPathParameters: path.includes('{'),
    isOpen: isOpen(access),
    needsRight: access?.kind === 'can' && !isOpen(access),
    needsAccount: access?.kind === 'signedIn',
  });
  return byStatus([...errors, ...general]);
}
const nameOf = (schema: unknown): string | undefined =>
  (schema as { $ref?: string } | undefined)?.$ref?.slice(schemaRef('').$ref.length);

/** Header fields and an example for each; the schema of a page of a list gets a name, for generated clients. */
function completeSuccesses(operation: Operation, lists: Record<string, Schema>): void {
  for (const [status, response] of Object.entries(operation.responses)) {
    if ('$ref' in response) continue;
    response.headers = { ...response.headers, ...everywhere, ...onStatus[status] };
    for (const content of Object.values(response.content ?? {})) {
      const row = nameOf((content.schema.properties as { data?: { items?: Schema } } | undefined)?.data?.items);
      if (row === undefined) content.example ??= exampleOf(nameOf(content.schema) ?? '', true);
      else {
        content.example ??= { data: [exampleOf(row, false)], page: { next: null, limit: 20 } };
        lists[`${row}List`] = content.schema;
        content.schema = { ...schemaRef(`${row}List`) };
      }
    }
  }
}
function addErrors(operation: Operation, shared: Record<string, Response>, errors: ReturnType<typeof errorsOf>): void {
  for (const [status, rows] of errors) {
    const name = errorResponseName(rows);
    shared[name] ??= { ...errorResponse(status, rows), headers: { ...everywhere, ...onStatus[status] } };
    operation.responses[status] = { $ref: `#/components/responses/${name}` };
  }
}
function completeBody(method: Method, operation: Operation): void {
  const { requestBody } = operation;
  if (!requestBody) return;
  requestBody.description ??= `What to do${requestBody.required ? '' : '; may be left out'}.`;
  const { content } = requestBody;
  for (const media of Object.values(content)) media.example ??= exampleOf(nameOf(media.schema) ?? '', false);
  // PATCH takes a JSON Merge Patch, under its own name too (RFC 7396 §4).
  if (method === 'patch' && content['application/json'])
    content['application/merge-patch+json'] ??= content['application/json'];
}
const withoutUndefined = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
