import { lexicographicSortSchema, printSchema, type GraphQLSchema } from 'graphql';

const rootDescriptions = {
  getQueryType: 'What can be read.',
  getMutationType: 'What can be done.',
  getSubscriptionType: 'What can be listened to.',
} as const;

/** Gives the root types the descriptions that Nest has no decorator for. */
export function describeRoots(schema: GraphQLSchema): void {
  for (const [get, description] of Object.entries(rootDescriptions)) {
    const type = schema[get as keyof typeof rootDescriptions]();
    if (type) type.description ??= description;
  }
}

/** The schema as text in the schema definition language, sorted, so that it changes only when the API does. */
export const sdlOf = (schema: GraphQLSchema): string => `${printSchema(lexicographicSortSchema(schema))}\n`;
