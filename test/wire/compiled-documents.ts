import {
  getNamedType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql';

/** Enum values of answers that are not held as they are written; compiled documents would write what is held. */
export function renamedValues(schema: GraphQLSchema): string[] {
  return Object.values(schema.getTypeMap()).flatMap((type) =>
    isEnumType(type) && isAnswered(schema, type.name)
      ? type
          .getValues()
          .filter(({ name, value }) => name !== value)
          .map(({ name }) => `${type.name}.${name}`)
      : [],
  );
}
const isAnswered = (schema: GraphQLSchema, name: string): boolean =>
  Object.values(schema.getTypeMap()).some(
    (type) =>
      isObjectType(type) &&
      !type.name.startsWith('__') &&
      Object.values(type.getFields()).some((field) => getNamedType(field.type).name === name),
  );
const isPlain = (type: GraphQLOutputType): boolean => {
  const inner = isNonNullType(type) ? type.ofType : type;
  return !isListType(inner) || !isObjectType(getNamedType(inner));
};
/** Every field below the type, through lists and objects down to `depth`. */
function everything(type: GraphQLObjectType, depth: number): string {
  const fields = Object.values(type.getFields()).flatMap(({ name, type: of, args }) => {
    const inner = getNamedType(of);
    if (isLeafType(inner)) return [name];
    if (!isObjectType(inner) || depth === 0 || (args.length > 0 && depth < 2)) return [];
    const below = everything(inner, isPlain(of) ? depth - 1 : depth - 0.5);
    return below ? [`${name}${args.some((a) => a.name === 'first') ? '(first: 2)' : ''} { ${below} }`] : [];
  });
  return fields.join(' ');
}
/** A document for every list of the schema that asks for all of its fields. */
export function documentsOfLists(schema: GraphQLSchema): [field: string, document: string][] {
  return Object.values(schema.getQueryType()!.getFields()).flatMap(({ name, type, args }): [string, string][] => {
    const connection = getNamedType(type);
    if (!isObjectType(connection) || !args.some((a) => a.name === 'first')) return [];
    return [[name, `{ ${name}(first: 5) { ${everything(connection, 3)} } }`]];
  });
}
