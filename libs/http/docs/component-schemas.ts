import { TypeMetadataStorage } from '@nestjs/graphql';
import { allContracts, fieldsOf, type FieldMeta, type Type } from '#libs/contract/fields.js';
import { openApiSchema } from '#libs/contract/json-schema.js';
import { allResources } from '#libs/database/resource.js';
import type { Schema } from './openapi-document.js';

const prefix = '#/components/schemas/';

/** Names of the schemas that a part of a document refers to. */
export function referredSchemas(part: unknown, found = new Set<string>()): Set<string> {
  if (typeof part !== 'object' || part === null) return found;
  for (const [key, value] of Object.entries(part))
    if (key === '$ref' && typeof value === 'string' && value.startsWith(prefix)) found.add(value.slice(prefix.length));
    else referredSchemas(value, found);
  return found;
}

/**
 * The schemas that `names` need, by name: of contracts and enums from their registries, of anything else from `others`.
 */
export function componentSchemas(
  names: Iterable<string>,
  others: Readonly<Record<string, Schema>>,
): Record<string, Schema> {
  const contracts = new Map(allContracts().map(([contract, about]) => [about.name, { contract, ...about }]));
  const schemas = new Map<string, Schema>();
  const wanted = [...names];
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    if (schemas.has(name)) continue;
    const known = contracts.get(name);
    const schema = known
      ? openApiSchema(known.contract, known.description, known.role)
      : (enumSchema(name) ?? others[name]);
    if (!schema) throw new Error(`${prefix}${name} is referred to, but it is neither a contract nor an enum`);
    schemas.set(name, schema);
    wanted.push(...referredSchemas(schema));
  }
  return Object.fromEntries([...schemas].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function enumSchema(name: string): Schema | undefined {
  const found = TypeMetadataStorage.getEnumsMetadata().find((e) => e.name === name);
  if (!found) return undefined;
  const values = Object.values(found.ref as Record<string, string>);
  const described = values.map((value) => found.valuesMap?.[value]?.description ?? '');
  return {
    type: 'string',
    description: [`One of:`, '', ...values.map((value, i) => `- \`${value}\`: ${described[i]}`)].join('\n'),
    enum: values,
    // What code generators write beside each value.
    'x-enum-descriptions': described,
  };
}

/** An example of a view, with the other rows that a single read of it holds (`detail`) or without; or of an input. */
export function exampleOf(name: string, detail: boolean): unknown {
  const found = allContracts().find(([, about]) => about.name === name);
  if (!found) return undefined;
  const [contract, { role }] = found;
  return role === 'view' ? exampleOfView(contract, detail) : exampleOfInput(contract);
}
function exampleOfView(view: Type, detail: boolean): Record<string, unknown> {
  const nested = (detail && [...allResources()].find((r) => r.definition.view === view)?.detail) || [];
  const shown = [...fieldsOf(view).values()].filter((f) => f.kind !== 'nested' || f.columns || nested.includes(f.name));
  return Object.fromEntries(
    shown.map((f) => [f.name, exampleOfField(f, (contract) => exampleOfView(contract, false))]),
  );
}
function exampleOfInput(input: Type): Record<string, unknown> {
  // An id of the client's own can be used once only.
  const shown = [...fieldsOf(input).values()].filter((f) => !(f.optional && f.kind === 'id'));
  return Object.fromEntries(shown.map((f) => [f.name, exampleOfField(f, exampleOfInput)]));
}
function exampleOfField(field: FieldMeta, nested: (contract: Type) => unknown): unknown {
  const one = field.kind === 'nested' ? nested(field.of!()) : field.example;
  return field.list && !Array.isArray(one) ? [one] : one;
}
