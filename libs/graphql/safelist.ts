import { readFileSync } from 'node:fs';
import { Kind, parse, print, visit, type DefinitionNode, type DocumentNode } from 'graphql';
import { z } from 'zod';
import { ConfigError } from '#libs/config/config.js';
import { maxTokens } from './limits.js';
import { sha256 } from './persisted-queries.js';

/** The manifest of `generate-persisted-query-manifest`, which Apollo's tools write and read. */
export const manifestFormat = 'apollo-persisted-query-manifest';
const operationSchema = z.object({
  id: z.string().min(1),
  name: z.string(),
  type: z.enum(['query', 'mutation', 'subscription']),
  body: z.string(),
});
const manifestSchema = z.object({
  format: z.literal(manifestFormat),
  version: z.literal(1),
  operations: z.array(operationSchema),
});
export type Operation = z.infer<typeof operationSchema>;
export type Manifest = z.infer<typeof manifestSchema>;

const nameOf = (definition: DefinitionNode) => ('name' in definition ? (definition.name?.value ?? '') : '');
const isOperation = (definition: DefinitionNode) => definition.kind === Kind.OPERATION_DEFINITION;

/** Operations first, then fragments, each by name: the order in which Apollo's manifests are written. */
export function sorted(document: DocumentNode): DocumentNode {
  const rank = (definition: DefinitionNode) => `${isOperation(definition) ? 0 : 1}${nameOf(definition)}`;
  return {
    ...document,
    definitions: [...document.definitions].sort((a, b) => (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : 0)),
  };
}
/**
 * What two texts have in common that ask the same: without white space, comments, the order of definitions, and the
 * `__typename` that clients with a cache add to every selection.
 */
export function normalForm(document: DocumentNode): string {
  const plain = visit(document, {
    SelectionSet: {
      leave: (set) => {
        const asked = set.selections.filter(
          (s) =>
            s.kind !== Kind.FIELD || s.name.value !== '__typename' || s.alias !== undefined || !!s.directives?.length,
        );
        return asked.length === 0 || asked.length === set.selections.length ? undefined : { ...set, selections: asked };
      },
    },
  });
  return print(sorted(plain));
}

const maxAdmitted = 2000;

/** The documents that may run. */
export class Safelist {
  private readonly byHash = new Map<string, string>();
  private readonly forms = new Set<string>();
  /** Hashes of texts that were found to be listed in another form. */
  private readonly admitted = new Set<string>();

  constructor(operations: readonly Operation[]) {
    for (const { id, body } of operations) {
      this.byHash.set(id, body).set(sha256(body), body);
      this.forms.add(sha256(normalForm(parse(body, { noLocation: true }))));
    }
  }
  /** The document of this id, or of this SHA-256 hash. */
  find(hash: string): string | undefined {
    return this.byHash.get(hash);
  }
  /** Whether the text asks what a listed document asks. */
  has(text: string): boolean {
    const hash = sha256(text);
    if (this.byHash.has(hash) || this.admitted.has(hash)) return true;
    let form: string;
    try {
      form = normalForm(parse(text, { maxTokens, noLocation: true }));
    } catch {
      return false;
    }
    if (!this.forms.has(sha256(form))) return false;
    if (this.admitted.size >= maxAdmitted) this.admitted.clear();
    this.admitted.add(hash);
    return true;
  }
}

/** Reads a safelist, or says what to do about the file: a service that should be closed must not start open. */
export function readSafelist(file: string): Safelist {
  const refuse = (cure: string): never => {
    throw new ConfigError([{ variable: 'GRAPHQL_SAFELIST', cure }]);
  };
  const again = 'Write it with `npm run graphql:safelist -- <folder> -o <file>`.';
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return refuse(`must name a file that can be read (${(error as NodeJS.ErrnoException).code}). ${again}`);
  }
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return refuse(`names a file that is not JSON. ${again}`);
  }
  const { success, data, error } = manifestSchema.safeParse(content);
  if (!success) {
    const { path, message } = error.issues[0];
    return refuse(`names a file that is no ${manifestFormat} of version 1: at ${at(path)}: ${message}. ${again}`);
  }
  if (data.operations.length === 0) return refuse(`names a list without operations: nothing could run. ${again}`);
  for (const [i, { id, body }] of data.operations.entries()) {
    const where = at(['operations', i, 'body']);
    try {
      parse(body, { maxTokens, noLocation: true });
    } catch (problem) {
      return refuse(`names a list whose ${where} is not GraphQL: ${(problem as Error).message} ${again}`);
    }
    if (/^[0-9a-f]{64}$/.test(id) && id !== sha256(body))
      return refuse(`names a list whose ${where} was changed: its id is the hash of something else. ${again}`);
  }
  return new Safelist(data.operations);
}
const at = (path: readonly PropertyKey[]) =>
  path.map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i ? '.' : ''}${String(key)}`)).join('') || 'its root';
