import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import {
  operationsOf,
  type Header,
  type Method,
  type OpenApiDocument,
  type Operation,
  type Parameter,
  type Reference,
  type Response,
  type Schema,
} from '#libs/http/docs/openapi-document.js';

/** An operation with its references looked up. */
export interface Described {
  readonly id: string;
  readonly method: Method;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly body?: { readonly required: boolean; readonly schemas: Readonly<Record<string, Schema>> };
  readonly responses: Readonly<Record<string, DescribedResponse>>;
}
export interface DescribedResponse {
  readonly headers: Readonly<Record<string, Schema>>;
  readonly content: Readonly<Record<string, Schema>>;
  /** Codes of errors that its examples name. */
  readonly codes: readonly string[];
}

/** A served OpenAPI document, with the verdict of each of its schemas. */
export class Contract {
  readonly operations: readonly Described[];
  private readonly compiled = new Map<string, ValidateFunction>();
  private readonly ajv = formats.default(
    new Ajv2020({ allErrors: true, strict: false, unicodeRegExp: true, logger: false, addUsedSchema: false }),
  );
  /** Schemas of answers, which may hold nothing that they do not name; without `required` for those to `fields=`. */
  private readonly closed: Record<string, Schema>;
  private readonly partial: Record<string, Schema>;

  constructor(readonly document: OpenApiDocument) {
    this.ajv.addFormat('int32', { type: 'number', validate: (n) => Number.isInteger(n) && Math.abs(n) <= 2 ** 31 });
    this.ajv.addFormat('int64', { type: 'number', validate: (n) => Number.isSafeInteger(n) });
    this.closed = closedCopy(document.components.schemas, false) as typeof this.closed;
    this.partial = closedCopy(document.components.schemas, true) as typeof this.partial;
    this.operations = [...operationsOf(document)].map(([method, path, operation]) =>
      this.described(method, path, operation),
    );
  }
  readonly schemaOf = (ref: string): Schema => this.lookUp<Schema>({ $ref: ref });

  /** What is wrong with a value that somebody sends. */
  problemsOfInput(schema: Schema, value: unknown): string[] {
    return this.check('input', schema, this.document.components.schemas, value);
  }
  /** What is wrong with a value that the service sent. */
  problemsOfAnswer(schema: Schema, value: unknown, isPartial = false): string[] {
    const own = closedCopy(schema, isPartial) as Schema;
    return this.check(isPartial ? 'partial' : 'answer', own, isPartial ? this.partial : this.closed, value);
  }
  private check(kind: string, schema: Schema, schemas: Record<string, Schema>, value: unknown): string[] {
    const key = `${kind} ${JSON.stringify(schema)}`;
    let validate = this.compiled.get(key);
    if (!validate) {
      validate = this.ajv.compile({ ...schema, components: { schemas } });
      this.compiled.set(key, validate);
    }
    if (validate(value)) return [];
    return validate.errors!.slice(0, 5).map((e) => `${e.instancePath || '/'} ${e.message} ${JSON.stringify(e.params)}`);
  }
  private described(method: Method, path: string, operation: Operation): Described {
    const shared = this.document.paths[path].parameters ?? [];
    const { requestBody } = operation;
    return {
      id: operation.operationId,
      method,
      path,
      parameters: [...shared, ...(operation.parameters ?? [])].map((p) => this.lookUp<Parameter>(p)),
      ...(requestBody && {
        body: {
          required: requestBody.required ?? false,
          schemas: Object.fromEntries(Object.entries(requestBody.content).map(([type, { schema }]) => [type, schema])),
        },
      }),
      responses: Object.fromEntries(
        Object.entries(operation.responses).map(([status, response]) => [status, this.response(response)]),
      ),
    };
  }
  private response(given: Response | Reference): DescribedResponse {
    const { headers = {}, content = {} } = this.lookUp<Response>(given);
    return {
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, header]) => [name.toLowerCase(), this.lookUp<Header>(header).schema]),
      ),
      content: Object.fromEntries(Object.entries(content).map(([type, { schema }]) => [type, schema])),
      codes: Object.keys(Object.values(content)[0]?.examples ?? {}),
    };
  }
  private lookUp<T extends object>(given: T | Reference): T {
    if (!('$ref' in given)) return given;
    const steps = given.$ref.split('/').slice(1);
    return steps.reduce((at, step) => (at as Record<string, object>)[step], this.document as object) as T;
  }
}

/** A copy in which objects may have no other properties than those named, and with `isPartial` need none of them. */
function closedCopy(value: unknown, isPartial: boolean): unknown {
  if (Array.isArray(value)) return value.map((inner) => closedCopy(inner, isPartial));
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.fromEntries(
    Object.entries(value).map(([key, inner]: [string, unknown]) => [key, closedCopy(inner, isPartial)]),
  );
  if (copy.type !== 'object' || copy.properties === undefined) return copy;
  if (isPartial) delete copy.required;
  return { additionalProperties: false, ...copy };
}
