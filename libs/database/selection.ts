import type { Resource } from './resource.js';

/** What is asked of a resource: own fields and nested selections, in the order of the view. */
export interface Selection {
  /** Unique in this process: stands for the selection in plan keys. */
  readonly id: number;
  /** The same on every instance: stands for it in ETags. */
  readonly key: string;
  readonly fields: readonly string[];
  readonly nested: readonly (readonly [name: string, selection: Selection])[];
}

export class UnknownField extends Error {
  constructor(
    readonly path: string,
    readonly allowed: readonly string[],
  ) {
    super(`unknown field ${path}`);
  }
}

const maxInterned = 5000;
const interned = new Map<string, Selection>();
let lastId = 0;

/** The selection of these paths (`id`, `lines.quantity`, `lines` for all of its own fields); equal ones are the same object. */
export function selectionOf(resource: Resource, paths: Iterable<string>, prefix = ''): Selection {
  const own = new Set<string>();
  const below = new Map<string, string[]>();
  for (const path of paths) {
    const dot = path.indexOf('.');
    const head = dot < 0 ? path : path.slice(0, dot);
    const field = resource.fields.get(head);
    const isRelation = field?.kind === 'nested' && !field.columns;
    if (!field || (dot >= 0 && !isRelation)) throw new UnknownField(prefix + path, [...resource.fields.keys()]);
    if (!isRelation) own.add(head);
    else {
      if (!below.has(head)) below.set(head, []);
      below.get(head)!.push(...(dot < 0 ? resource.relation(head).to().ownFields() : [path.slice(dot + 1)]));
    }
  }
  const names = [...resource.fields.keys()];
  const fields = names.filter((n) => own.has(n));
  const nested = names
    .filter((n) => below.has(n))
    .map((n) => [n, selectionOf(resource.relation(n).to(), below.get(n)!, `${prefix}${n}.`)] as const);
  const key = `${resource.name}(${fields.join()}${nested.map(([n, s]) => `;${n}:${s.key}`).join('')})`;
  let selection = interned.get(key);
  if (!selection) {
    if (interned.size >= maxInterned) interned.delete(interned.keys().next().value!);
    interned.set(key, (selection = { id: ++lastId, key, fields, nested }));
  }
  return selection;
}
/** What a single read answers with when nobody chose: all own fields and the nested views of `detail`. */
export const detailOf = (resource: Resource): Selection =>
  selectionOf(resource, [...resource.ownFields(), ...resource.detail]);
