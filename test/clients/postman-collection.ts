import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { convertV2 } from 'openapi-to-postmanv2';
import { exampleOfParameter, parametersOf } from '../../libs/http/docs/example-request.ts';
import {
  operationsOf,
  type Method,
  type OpenApiDocument,
  type Operation,
  type Schema,
} from '../../libs/http/docs/openapi-document.ts';
import { checks } from './postman-scripts.ts';

// The converter makes one request of each operation. What is added here makes the collection run from its beginning to
// its end: an order, ids that earlier requests found, and checks. All of it follows from the document.

interface Row {
  key: string;
  value: string;
  disabled?: boolean;
}
interface Request {
  name?: string;
  method: string;
  url: { path: string[]; host: string[]; query: Row[]; variable: Row[] };
  header: Row[];
  body?: { mode?: string; raw?: string };
  auth?: unknown;
}
interface Script {
  listen: 'prerequest' | 'test';
  script: { type: 'text/javascript'; exec: string[] };
}
interface Item {
  id?: string;
  name: string;
  request: Request;
  event?: Script[];
  response: { id?: string; code: number; originalRequest?: unknown; header?: Row[] }[];
}
interface Folder {
  name: string;
  description?: unknown;
  item: Item[];
}
export interface Collection {
  info: { name: string; schema: string; description?: unknown };
  item: Folder[];
  variable: { key: string; value: string }[];
  auth?: unknown;
}

/** Rows of one kind: listed at `path`, each with an id. */
interface Resource {
  readonly path: string;
  /** Name of the schema of a row. */
  readonly row: string;
  /** Collection variable with the id of a row that the list showed. */
  readonly id: string;
  /** Collection variable with the id of a row that this run made, where rows can be made. */
  readonly createdId: string | undefined;
  /** Path of a row that belongs to the caller: no run should lock its own caller out. */
  readonly ownPath: string | undefined;
  /** What a new row must have, and the name of its own where it has one. */
  /** Whether its rows have a name of their own that is called like the variable, as the `clientId` of OAuth. */
  readonly isOwnName: boolean;
  readonly required: readonly string[];
}
interface Step {
  readonly method: Method;
  readonly path: string;
  readonly operation: Operation;
  readonly kind: 'own' | 'list' | 'read' | 'create' | 'readById' | 'change' | 'command' | 'delete';
  readonly resource: Resource | undefined;
  /** Collection variables that the request needs. */
  readonly needs: readonly string[];
}
const order: Step['kind'][] = ['own', 'list', 'read', 'create', 'readById', 'change', 'command', 'delete'];

export async function postmanCollection(document: OpenApiDocument): Promise<Collection> {
  const plan = planOf(document);
  const collection = await convert(plan.document);
  const steps = new Map(plan.steps.map((step) => [`${step.method} ${step.path}`, step]));
  const rank = new Map(plan.steps.map((step, i) => [step, i]));
  const stepOf = ({ request: { method, url } }: Item): Step =>
    steps.get(`${method.toLowerCase()} /${url.path.map((part) => part.replace(/^:(.+)$/, '{$1}')).join('/')}`)!;
  for (const folder of collection.item) {
    for (const item of folder.item) complete(item, stepOf(item));
    folder.item.sort((a, b) => rank.get(stepOf(a))! - rank.get(stepOf(b))!);
  }
  collection.item.sort((a, b) => rank.get(stepOf(a.item[0]))! - rank.get(stepOf(b.item[0]))!);
  const { name, schema } = collection.info;
  return {
    info: { name, description: aboutTheRun(document), schema },
    item: collection.item,
    auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{token}}', type: 'string' }] },
    variable: [
      { key: 'baseUrl', value: 'http://localhost:3000' },
      { key: 'token', value: '' },
    ],
  };
}
const aboutTheRun = ({ info }: OpenApiDocument) => `${info.summary}

Set \`baseUrl\`, and \`token\` to an access token. Requests can be sent one by one, or all of them from top to bottom: lists
come first and give the ids for what follows, then rows are made, read and changed, and those that were made are deleted.
A request whose id nothing gave is skipped. Rows that cannot be made here are changed where they are: run it against a
database for tests, as somebody who has every right.`;

function convert(document: OpenApiDocument): Promise<Collection> {
  return new Promise((resolve, reject) => {
    convertV2(
      { type: 'json', data: document },
      {
        folderStrategy: 'Tags',
        parametersResolution: 'Example',
        requestParametersResolution: 'Example',
        exampleParametersResolution: 'Example',
        enableOptionalParameters: false,
        includeAuthInfoInExample: false,
      },
      (error, result) => {
        const made: unknown = result?.output?.[0]?.data;
        if (error || !result?.result)
          reject(new Error('The document was not converted.', { cause: error ?? result?.reason }));
        else resolve(made as Collection);
      },
    );
  });
}

/** What is to be requested, in which order, and the document with variables where ids are. */
function planOf(original: OpenApiDocument): { document: OpenApiDocument; steps: Step[] } {
  const document = structuredClone(original);
  const resources = resourcesOf(document);
  const steps = [...operationsOf(document)].map(([method, path, operation]): Step => {
    const resource = resources.find((r) => path === r.path || path.startsWith(`${r.path}/`));
    const kind = kindOf(method, path, operation, resource);
    const needs = new Set<string>();
    const use = (variable: string) => {
      needs.add(variable);
      return `{{${variable}}}`;
    };
    operation.parameters = parametersOf(document, path, operation).map((parameter) => {
      const variable = parameter.in === 'path' && idIn(path, parameter.name, method, resources);
      return variable
        ? { ...parameter, schema: { type: 'string' }, example: use(variable) }
        : // The converter would make one up.
          { ...parameter, example: exampleOfParameter(parameter) };
    });
    for (const media of Object.values(operation.requestBody?.content ?? {}))
      media.example = withVariables(media.example, resources, use);
    if (kind === 'create' || kind === 'change') distinct(document, operation, resource?.required ?? []);
    return { method, path, operation, kind, resource, needs: [...needs] };
  });
  for (const item of Object.values(document.paths)) delete item.parameters;
  return { document, steps: inOrder(steps, resources) };
}

function resourcesOf(document: OpenApiDocument): Resource[] {
  const found: Resource[] = [];
  const answers = [...operationsOf(document)].map(
    ([method, path, operation]) => [method, path, answerOf(document, operation)] as const,
  );
  for (const [method, path, answer] of answers) {
    const { data, page } = (answer.schema.properties ?? {}) as Record<string, Schema & { items?: Schema }>;
    const row = nameOf(data?.items);
    if (method !== 'get' || path.includes('{') || !row || !page) continue;
    const id = `${row[0].toLowerCase()}${row.slice(1)}Id`;
    const making = document.paths[path].post;
    const made = making && answerOf(document, making);
    const isMade = made?.status === '201' && made.name === row;
    const own = answers.find(
      ([m, p, { name }]) => m === 'get' && name === row && p.startsWith(`${path}/`) && !p.includes('{'),
    );
    found.push({
      path,
      row,
      id,
      createdId: isMade ? `created${row}Id` : undefined,
      ownPath: own?.[1],
      isOwnName: Object.hasOwn(document.components.schemas[row]?.properties ?? {}, id),
      required: isMade ? [id, ...((inputOf(document, making!).required ?? []) as string[])] : [],
    });
  }
  return found;
}
const nameOf = (schema: Schema | undefined): string | undefined =>
  (schema as { $ref?: string })?.$ref?.split('/').at(-1);
function inputOf({ components }: OpenApiDocument, { requestBody }: Operation): Schema {
  const schema = requestBody?.content['application/json']?.schema;
  return components.schemas[nameOf(schema) ?? ''] ?? schema ?? {};
}
/** Status, schema and name of the schema of a success. */
function answerOf({ components }: OpenApiDocument, { responses }: Operation) {
  const [status, response] = Object.entries(responses).find(([code]) => code.startsWith('2'))!;
  const schema = '$ref' in response ? undefined : response.content?.['application/json']?.schema;
  const name = nameOf(schema);
  return { status, name, schema: (name === undefined ? schema : components.schemas[name]) ?? {} };
}

function kindOf(method: Method, path: string, operation: Operation, resource: Resource | undefined): Step['kind'] {
  const isRow = resource !== undefined && /^\/\{[^/]+\}$/.test(path.slice(resource.path.length));
  if (method === 'get') {
    if (path.includes('{')) return 'readById';
    if (path === resource?.path) return 'list';
    return path === resource?.ownPath ? 'own' : 'read';
  }
  if (method === 'post' && path === resource?.path && operation.responses[201]) return 'create';
  if (method === 'patch') return 'change';
  return method === 'delete' && isRow ? 'delete' : 'command';
}

/** The variable for an id in a path: of the resource that stands before it, or that the parameter is named after. */
function idIn(path: string, parameter: string, method: Method, resources: readonly Resource[]): string | undefined {
  const before = path.slice(0, path.indexOf(`/{${parameter}}`));
  const resource = resources.find((r) => r.path === before);
  if (resource) return (method !== 'get' && resource.createdId) || resource.id;
  return resources.find((r) => r.id === parameter)?.id;
}
/** A body with the ids of rows that there are, wherever a field is named after a resource. */
function withVariables(value: unknown, resources: readonly Resource[], use: (variable: string) => string): unknown {
  if (Array.isArray(value)) return value.map((part) => withVariables(part, resources, use));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [
      key,
      typeof part === 'string' && resources.some((r) => r.id === key && !r.isOwnName)
        ? use(key)
        : withVariables(part, resources, use),
    ]),
  );
}

/** Length of the number that `{{$timestamp}}` stands for. */
const timestamp = '1700000000';
/** Required names that take no spaces tend to be unique: they get the time behind them, so that a second run succeeds. */
function distinct(document: OpenApiDocument, operation: Operation, names: readonly string[]): void {
  const { properties } = inputOf(document, operation) as { properties?: Record<string, Schema> };
  for (const media of Object.values(operation.requestBody?.content ?? {})) {
    const example = media.example as Record<string, unknown>;
    for (const name of names) {
      const { pattern, maxLength = Infinity } = (properties?.[name] ?? {}) as { pattern?: string; maxLength?: number };
      const value = example[name];
      if (typeof value !== 'string' || !pattern || value.length + timestamp.length >= maxLength) continue;
      const takes = (text: string) => new RegExp(pattern, 'u').test(text);
      if (takes(`${value}-${timestamp}`) && !takes(`${value} ${timestamp}`)) example[name] = `${value}-{{$timestamp}}`;
    }
  }
}

/** Folder by folder; what others refer to first, and deleted last. */
function inOrder(steps: readonly Step[], resources: readonly Resource[]): Step[] {
  const folderOf = ({ operation }: Step) => operation.tags?.[0] ?? '';
  const isList = (step: Step, id: string) => step.kind === 'list' && step.resource?.id === id;
  /** Resources whose ids a folder or a resource needs, without itself. */
  const sorted = <T>(things: readonly T[], needsOf: (thing: T) => T[]): T[] => {
    const done: T[] = [];
    const visit = (thing: T, above: readonly T[]) => {
      if (done.includes(thing) || above.includes(thing)) return;
      for (const other of needsOf(thing)) visit(other, [...above, thing]);
      done.push(thing);
    };
    for (const thing of things) visit(thing, []);
    return done;
  };
  const needed = (some: readonly Step[]) =>
    resources.filter((r) => some.some((step) => step.kind === 'create' && step.needs.includes(r.id)));
  const folders = sorted([...new Set(steps.map(folderOf))], (folder) =>
    needed(steps.filter((step) => folderOf(step) === folder)).map(({ id }) =>
      folderOf(steps.find((step) => isList(step, id))!),
    ),
  );
  const byNeed = sorted(resources, (resource) => needed(steps.filter((step) => step.resource === resource)));
  const place = (step: Step) => {
    const at = step.resource ? byNeed.indexOf(step.resource) : -1;
    return step.kind === 'delete' ? -at : at;
  };
  return [...steps].sort(
    (a, b) =>
      folders.indexOf(folderOf(a)) - folders.indexOf(folderOf(b)) ||
      order.indexOf(a.kind) - order.indexOf(b.kind) ||
      place(a) - place(b),
  );
}

function complete(item: Item, step: Step): void {
  const { operation, kind, resource, needs } = step;
  const isOpen = operation.security?.some((scheme) => Object.keys(scheme).length === 0);
  delete item.id;
  item.name = item.name.replace(/\.$/, '');
  delete item.request.name;
  // The collection's own, so that a token is set once.
  if (isOpen) item.request.auth = { type: 'noauth' };
  else delete item.request.auth;
  item.response = item.response.filter(({ code }) => code >= 200 && code < 300);
  for (const response of item.response) {
    delete response.id;
    delete response.originalRequest;
    response.header = response.header?.filter(({ disabled }) => !disabled);
  }
  if (item.request.body && !item.request.body.mode) delete item.request.body;
  item.event = checks({
    statuses: Object.keys(operation.responses).map(Number),
    succeeds: ['own', 'list', 'read', 'create', 'readById'].includes(kind),
    needs,
    keeps:
      kind === 'own'
        ? { own: `own${resource!.row}Id` }
        : kind === 'list'
          ? { listed: resource!.id, own: resource!.ownPath && `own${resource!.row}Id` }
          : kind === 'create' && resource?.createdId
            ? { created: resource.createdId, listed: resource.id }
            : {},
  });
}

export const textOf = (collection: Collection): string => `${JSON.stringify(collection, null, 2)}\n`;

/** `node --conditions=source test/clients/postman-collection.ts`: from the contract that is kept. */
if (import.meta.main) {
  const root = join(import.meta.dirname, '../..');
  const contract = readFileSync(join(root, 'test/contract/openapi.json'), 'utf8');
  const collection = await postmanCollection(JSON.parse(contract) as OpenApiDocument);
  writeFileSync(join(root, 'src/docs/postman-collection.json'), textOf(collection));
}
