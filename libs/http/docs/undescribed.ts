import {
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedDirective,
  isSpecifiedScalarType,
  type GraphQLSchema,
} from 'graphql';
import { operationsOf, type OpenApiDocument, type Schema } from './openapi-document.js';

/** Everything in a schema that a client meets without a word about it, by its path. */
export function undescribedInSdl(schema: GraphQLSchema): string[] {
  const missing: string[] = [];
  const look = (path: string, thing: { description?: string | null }) => {
    if (!thing.description?.trim()) missing.push(path);
  };
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type) || isSpecifiedScalarType(type)) continue;
    look(type.name, type);
    if (isEnumType(type)) for (const value of type.getValues()) look(`${type.name}.${value.name}`, value);
    else if (isInputObjectType(type))
      for (const f of Object.values(type.getFields())) look(`${type.name}.${f.name}`, f);
    else if (isObjectType(type) || isInterfaceType(type))
      for (const field of Object.values(type.getFields())) {
        look(`${type.name}.${field.name}`, field);
        for (const argument of field.args) look(`${type.name}.${field.name}(${argument.name})`, argument);
      }
  }
  for (const directive of schema.getDirectives()) {
    if (isSpecifiedDirective(directive)) continue;
    look(`@${directive.name}`, directive);
    for (const argument of directive.args) look(`@${directive.name}(${argument.name})`, argument);
  }
  return missing;
}

/**
 * Everything in a document that a client meets without a description, without an example, or without bounds, by its
 * path. A reference stands for what it refers to.
 */
export function undescribedInOpenApi(document: OpenApiDocument): string[] {
  const missing: string[] = [];
  const need = (path: string, what: string, present: unknown) => {
    if (typeof present === 'string' ? !present.trim() : !present) missing.push(`${path}: ${what}`);
  };
  const schema = (path: string, value: Schema) => new SchemaCheck(missing).check(path, value, true);

  need('info', 'description', document.info.description);
  for (const tag of document.tags) need(`tag ${tag.name}`, 'description', tag.description);
  for (const [method, path, operation] of operationsOf(document)) {
    const at = `${method.toUpperCase()} ${path}`;
    need(
      at,
      'an operationId of its own (no decorator of #libs/http/operation)',
      /^[a-z][A-Za-z0-9]*$/.test(operation.operationId),
    );
    need(at, 'summary', operation.summary);
    need(at, 'description', operation.description);
    need(at, 'tag', operation.tags?.length);
    need(at, 'access marker', operation.description?.includes('Access: nobody') === false);
    for (const parameter of operation.parameters ?? []) {
      if ('$ref' in parameter) continue;
      need(`${at} ?${parameter.name}`, 'description', parameter.description);
      schema(`${at} ?${parameter.name}`, parameter.schema);
    }
    if (operation.requestBody) {
      need(`${at} body`, 'description', operation.requestBody.description);
      for (const [type, media] of Object.entries(operation.requestBody.content)) {
        need(`${at} body ${type}`, 'example', media.example);
        new SchemaCheck(missing).check(`${at} body`, media.schema, false);
      }
    }
    for (const [status, response] of Object.entries(operation.responses)) {
      if ('$ref' in response) continue;
      need(`${at} ${status}`, 'description', response.description);
      for (const media of Object.values(response.content ?? {})) {
        need(`${at} ${status}`, 'example', media.example);
        new SchemaCheck(missing).check(`${at} ${status}`, media.schema, false);
      }
      for (const [name, header] of Object.entries(response.headers ?? {})) {
        if ('$ref' in header) continue;
        need(`${at} ${status} ${name}`, 'description', header.description);
        schema(`${at} ${status} ${name}`, header.schema);
      }
    }
  }
  const { components } = document;
  for (const [name, parameter] of Object.entries(components.parameters)) {
    need(`parameter ${name}`, 'description', parameter.description);
    schema(`parameter ${name}`, parameter.schema);
  }
  for (const [name, header] of Object.entries(components.headers)) {
    need(`header ${name}`, 'description', header.description);
    schema(`header ${name}`, header.schema);
  }
  for (const [name, response] of Object.entries(components.responses)) {
    need(`response ${name}`, 'description', response.description);
    for (const code of name.split('.'))
      for (const [type, media] of Object.entries(response.content ?? {}))
        need(`response ${name} ${type}`, `example of ${code}`, media.examples?.[code]);
  }
  for (const [name, component] of Object.entries(components.schemas)) {
    need(name, 'description', component.description);
    new SchemaCheck(missing).check(name, component, true);
  }
  return missing;
}

class SchemaCheck {
  constructor(private readonly missing: string[]) {}

  /** `named`: whether the schema stands for a value that has a name, which then needs an example. */
  check(path: string, schema: Schema, named: boolean): void {
    const need = (what: string, present: boolean) => present || this.missing.push(`${path}: ${what}`);
    const has = (keyword: string) => schema[keyword] !== undefined;
    if (has('$ref')) return;
    const types = [schema.type].flat().filter((type) => type !== undefined && type !== 'null');
    if (types.includes('string') && !has('enum')) {
      need('maxLength', has('maxLength'));
      need('pattern or format', has('pattern') || has('format'));
    }
    if (types.includes('integer') || types.includes('number'))
      need('minimum, maximum and format', has('minimum') && has('maximum') && has('format'));
    if (types.includes('array')) {
      need('maxItems', has('maxItems'));
      this.check(`${path}[]`, schema.items as Schema, false);
    }
    for (const [name, property] of Object.entries((schema.properties ?? {}) as Record<string, Schema>)) {
      if (typeof property.description !== 'string' || !property.description.trim())
        this.missing.push(`${path}.${name}: description`);
      this.check(`${path}.${name}`, property, true);
    }
    for (const part of (schema.anyOf ?? schema.oneOf ?? schema.allOf ?? []) as Schema[]) this.check(path, part, false);
    const isScalar = types.length > 0 && !types.includes('object') && !types.includes('array');
    if (named && isScalar)
      need('example', has('enum') || has('default') || (Array.isArray(schema.examples) && schema.examples.length > 0));
  }
}
