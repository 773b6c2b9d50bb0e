import { createHash } from 'node:crypto';
import { currentContext, currentLocale } from '#libs/context/request-context.js';
import type { Access } from './access.js';
import type { Read } from './compiler.js';
import { encodeCursor, scopeOf } from './list.js';
import type { Item, Page } from './item.js';
import type { Resource } from './resource.js';
import type { Selection } from './selection.js';

const shortHash = (text: string) => createHash('sha1').update(text).digest('base64url').slice(0, 10);

const shapes = new Map<string, string>();
/** Rights, fields and language of a document: what its ETag depends on beside versions. */
function shapeOf(resource: Resource, access: Access, selection: Selection): string {
  const rights = (r: Resource, s: Selection): string =>
    access.rights(r).key + s.nested.map(([name, child]) => rights(r.relation(name).to(), child)).join('');
  const key = `${rights(resource, selection)} ${selection.id} ${currentLocale()}`;
  let shape = shapes.get(key);
  if (!shape) {
    if (shapes.size > 5000) shapes.clear();
    shapes.set(key, (shape = shortHash(`${rights(resource, selection)} ${selection.key} ${currentLocale()}`)));
  }
  return shape;
}

/** One resource as its caller may read it. */
export class Document {
  constructor(
    readonly id: string,
    readonly item: Item,
    readonly resource: Resource,
    readonly version: number,
    private readonly nested: string,
    private readonly access: Access,
    private readonly selection: Selection,
  ) {}
  /** `"<version>.<shape>"`: `If-Match` compares the version, `If-None-Match` all of it. */
  get etag(): string {
    const shape = shapeOf(this.resource, this.access, this.selection);
    const session = this.resource.definition.dependsOnSession ? (currentContext()?.sessionId ?? '') : '';
    const more = this.nested + session;
    return `"${this.version}.${shape}${more && `-${shortHash(more)}`}"`;
  }
}
/** A page of a list as its caller may read it. */
export class Listing {
  private scope?: string;

  constructor(
    readonly read: Read,
    readonly page: Page,
    /** Undefined when nobody asked. */
    readonly total: { readonly count: number; readonly isExact: boolean } | undefined,
  ) {}
  get next(): string | null {
    return this.page.hasMore ? this.cursor(this.page.items.length - 1) : null;
  }
  cursor(index: number): string {
    return encodeCursor((this.scope ??= scopeOf(this.read)), this.page.cursor(index));
  }
  /** Present for lists that caches may keep. */
  get etag(): string | undefined {
    if (this.page.versions === undefined) return undefined;
    const { resource, access, selection } = this.read;
    return `"${shortHash(`${this.page.versions} ${this.next} ${JSON.stringify(this.total)}`)}.${shapeOf(resource, access, selection)}"`;
  }
}
