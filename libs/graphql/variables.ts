import {
  getVariableValues,
  GraphQLError,
  Kind,
  type DocumentNode,
  type GraphQLSchema,
  type TypeNode,
  type VariableDefinitionNode,
} from 'graphql';
import { allContracts, enumObject, type Type } from '#libs/contract/fields.js';
import { validate } from '#libs/contract/validate.js';
import { AppError, type ErrorDetail } from '#libs/errors/app-error.js';
import { commonErrors } from '#libs/errors/common-errors.js';

type Variables = Readonly<Record<string, unknown>>;

/** What graphql-js says of a value that does not fit its type, as the code that REST has for it. */
function problemOf(reason: string): Omit<ErrorDetail, 'field'> {
  if (reason.includes('is not defined by type')) return { code: 'UNKNOWN_FIELD' };
  if (/was not provided/.test(reason)) return { code: 'REQUIRED' };
  if (/not to be null|must not be null/.test(reason)) return { code: 'NULL_NOT_ALLOWED' };
  const choice = /does not exist in "(\w+)" enum/.exec(reason)?.[1];
  if (choice) return { code: 'ENUM', params: { allowed: Object.keys(enumObject(choice) ?? {}).join(', ') } };
  if (reason.startsWith('DateTime')) return { code: 'FORMAT' };
  if (/non 32-bit/.test(reason))
    return / -\d/.test(reason)
      ? { code: 'MIN', params: { min: -2147483648 } }
      : { code: 'MAX', params: { max: 2147483647 } };
  const type = /^(?:Expected type "?)?(\w+)"? (?:cannot represent|must be|to be an object)/.exec(reason)?.[1];
  const scalars: Record<string, string> = { Int: 'integer', SafeInt: 'integer', Boolean: 'boolean', Float: 'number' };
  const expected =
    reason.includes('to be an object') || type === 'JSONObject' ? 'object' : (scalars[type!] ?? 'string');
  return { code: 'TYPE', params: { expected } };
}
function detailOf(error: GraphQLError): ErrorDetail {
  const message = error.message.replace(/ Did you mean .*\?$/, '');
  const name = /^Variable "\$(\w+)"/.exec(message)?.[1] ?? '';
  const [, path = '', reason] =
    /^Variable "\$\w+" got invalid value .*?(?: at "\w+\.?([^"]*)")?; (.*)$/s.exec(message) ?? [];
  if (reason === undefined) return { field: name, ...problemOf(message) };
  const member = /^Field "([^"]+)" (?:is not defined|of required type)/.exec(reason)?.[1];
  const field = [path, member]
    .filter(Boolean)
    .join('.')
    .replaceAll(/\[(\d+)\]/g, '.$1');
  return { field: field || name, ...problemOf(reason) };
}
const nameOf = (type: TypeNode): string => (type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type));
const isList = (type: TypeNode): boolean =>
  type.kind === Kind.LIST_TYPE || (type.kind === Kind.NON_NULL_TYPE && isList(type.type));
function inputOf(definition: VariableDefinitionNode): Type | undefined {
  if (isList(definition.type)) return undefined;
  const name = nameOf(definition.type);
  return allContracts().find(([, contract]) => contract.role === 'input' && contract.name === name)?.[0];
}

/**
 * One VALIDATION_FAILED of all that is wrong with variables, or undefined when the errors are of something else. Inputs
 * are checked as REST checks bodies, so that their details are the same.
 */
export function variablesError(
  errors: readonly GraphQLError[],
  variables: Variables | undefined,
): AppError | undefined {
  if (!errors.every((error) => error.message.startsWith('Variable "$') || error.message.startsWith('Too many errors')))
    return undefined;
  const details: ErrorDetail[] = [];
  const checked = new Set<VariableDefinitionNode>();
  for (const error of errors) {
    const definition = error.nodes?.find((node) => node.kind === Kind.VARIABLE_DEFINITION);
    const value = definition && variables?.[definition.variable.name.value];
    const input = value === undefined || value === null ? undefined : inputOf(definition!);
    if (!input) {
      if (error.message.startsWith('Variable')) details.push(detailOf(error));
      continue;
    }
    if (checked.has(definition!)) continue;
    checked.add(definition!);
    const found = detailsOf(input, value);
    details.push(...(found.length > 0 ? found : [detailOf(error)]));
  }
  return new AppError(commonErrors.VALIDATION_FAILED, { details });
}
function detailsOf(input: Type, value: unknown): readonly ErrorDetail[] {
  try {
    validate(input, value);
    return [];
  } catch (error) {
    if (error instanceof AppError) return error.details;
    throw error;
  }
}

/** Throws what `variablesError` makes of variables that do not fit the document. */
export function checkVariables(schema: GraphQLSchema, document: DocumentNode, variables: Variables): void {
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const { errors } = getVariableValues(schema, definition.variableDefinitions ?? [], variables, { maxErrors: 50 });
    if (errors) throw variablesError(errors, variables);
  }
}
