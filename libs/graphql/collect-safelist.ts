import {
  GraphQLError,
  Kind,
  NoUnusedFragmentsRule,
  parse,
  print,
  Source,
  specifiedRules,
  validate,
  visit,
  type ASTNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { maxTokens } from './limits.js';
import { sha256 } from './persisted-queries.js';
import { manifestFormat, sorted, type Manifest, type Operation } from './safelist.js';

// A schema has to be of the same copy of graphql.
export { buildSchema } from 'graphql';

export interface SourceFile {
  /** As it stands in error messages. */
  readonly name: string;
  readonly text: string;
}
export interface CollectOptions {
  /** Add `__typename` to every selection but that of an operation itself, as Apollo Client does before it sends. */
  readonly typename?: boolean;
}
/** Everything that has to be mended before there can be a safelist, each with its file and line. */
export class SafelistProblems extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
  }
}

/**
 * One manifest of all operations in these files. A fragment may stand in another file than the operation that spreads
 * it. Throws `SafelistProblems`.
 */
export function collectSafelist(
  schema: GraphQLSchema,
  files: readonly SourceFile[],
  options: CollectOptions = {},
): Manifest {
  const problems = new Set<string>();
  const operations: OperationDefinitionNode[] = [];
  const fragments = new Map<string, FragmentDefinitionNode>();
  const names = new Map<string, ASTNode>();
  for (const { name, text } of files) {
    let document: DocumentNode;
    try {
      document = parse(new Source(text, name), { maxTokens });
    } catch (error) {
      problems.add(described(error as GraphQLError));
      continue;
    }
    for (const definition of document.definitions) {
      if (definition.kind !== Kind.OPERATION_DEFINITION && definition.kind !== Kind.FRAGMENT_DEFINITION) {
        problems.add(`${placeOf(definition)} Only operations and fragments can be on a safelist.`);
        continue;
      }
      const isFragment = definition.kind === Kind.FRAGMENT_DEFINITION;
      if (!definition.name) {
        problems.add(`${placeOf(definition)} The operation has no name. Give it one: logs and the list name it.`);
        continue;
      }
      const key = `${isFragment ? 'fragment' : 'operation'} ${definition.name.value}`;
      const other = names.get(key);
      if (other) {
        problems.add(`${placeOf(definition)} There is another ${key} at ${placeOf(other).slice(0, -1)}.`);
        continue;
      }
      names.set(key, definition);
      if (isFragment) fragments.set(definition.name.value, definition);
      else operations.push(definition);
    }
  }
  const everything = { kind: Kind.DOCUMENT as const, definitions: [...operations, ...fragments.values()] };
  // Which fragments are used is a question to each operation.
  const rules = specifiedRules.filter((rule) => rule !== NoUnusedFragmentsRule);
  for (const error of validate(schema, everything, rules, { maxErrors: 500 })) problems.add(described(error));
  if (operations.length === 0 && problems.size === 0)
    problems.add('There is no operation in these files. Name a folder with .graphql or .gql files.');
  if (problems.size > 0) throw new SafelistProblems([...problems].sort());
  const found = operations.map((operation) => operationOf(operation, fragments, options));
  return {
    format: manifestFormat,
    version: 1,
    operations: found.sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

function operationOf(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  { typename }: CollectOptions,
): Operation {
  const used = new Set<FragmentDefinitionNode>();
  const follow = (node: ASTNode): void => {
    visit(node, {
      FragmentSpread: ({ name }) => {
        const fragment = fragments.get(name.value)!;
        if (used.has(fragment)) return;
        used.add(fragment);
        follow(fragment);
      },
    });
  };
  follow(operation);
  const document = sorted({ kind: Kind.DOCUMENT, definitions: [operation, ...used] });
  const body = print(typename ? withTypename(document) : document);
  return { id: sha256(body), name: operation.name!.value, type: operation.operation, body };
}
/** What `addTypenameToDocument` of Apollo Client does. */
function withTypename(document: DocumentNode): DocumentNode {
  return visit(document, {
    SelectionSet: {
      enter: (set, _key, parent) => {
        if ((parent as ASTNode | undefined)?.kind === Kind.OPERATION_DEFINITION) return undefined;
        const asked = set.selections.some(
          (s) => s.kind === Kind.FIELD && (s.name.value === '__typename' || s.name.value.startsWith('__')),
        );
        if (asked) return undefined;
        const field = { kind: Kind.FIELD as const, name: { kind: Kind.NAME as const, value: '__typename' } };
        return { ...set, selections: [...set.selections, field] };
      },
    },
  });
}

/** `orders/list.graphql:3:5` */
function placeOf(node: ASTNode): string {
  const { loc } = node;
  return loc ? `${loc.source.name}:${loc.startToken.line}:${loc.startToken.column}:` : '';
}
function described(error: GraphQLError): string {
  const message = error.message.replace(/ Did you mean .*\?$/s, '');
  const [location] = error.locations ?? [];
  const source = error.source ?? error.nodes?.[0]?.loc?.source;
  return source && location ? `${source.name}:${location.line}:${location.column}: ${message}` : message;
}
