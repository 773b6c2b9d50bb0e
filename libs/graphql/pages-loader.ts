import { Injectable } from '@nestjs/common';
import { Listing } from '#libs/database/answers.js';
import type { Access } from '#libs/database/access.js';
import { listRead, type ListInput } from '#libs/database/list.js';
import type { Read } from '#libs/database/compiler.js';
import type { Page } from '#libs/database/item.js';
import { Reads, totalOf } from '#libs/database/reads.js';
import type { Resource } from '#libs/database/resource.js';

interface Batch {
  readonly ids: Set<string>;
  readonly result: Promise<{ pages: Map<unknown, Page>; counts?: Map<unknown, number> }>;
}
/** What is being gathered for one request. */
export interface LoaderContext {
  batches?: Map<string, Batch>;
}

/** Pages of children for many parents of one answer (`users { orders(first: 5) }`): one statement for all of them. */
@Injectable()
export class PagesLoader {
  constructor(private readonly reads: Reads) {}

  async load(
    context: LoaderContext,
    access: Access,
    resource: Resource,
    parent: { key: string; id: string },
    input: ListInput,
  ): Promise<Listing> {
    const key = `${resource.name}.${parent.key} ${input.selection.id} ${JSON.stringify([input.count, input.filter, input.sort, input.after, input.limit, input.q])}`;
    const batches = (context.batches ??= new Map());
    const read = listRead(resource, access, input);
    let batch = batches.get(key);
    if (!batch) {
      const ids = new Set<string>();
      batch = {
        ids,
        // The resolvers of all siblings run before the next turn of the loop.
        result: new Promise((resolve, reject) => {
          setImmediate(() => {
            batches.delete(key);
            this.read({ ...read, parents: { key: parent.key, values: [...ids] } }, input).then(resolve, reject);
          });
        }),
      };
      batches.set(key, batch);
    }
    batch.ids.add(parent.id);
    const { pages, counts } = await batch.result;
    return new Listing(read, pages.get(parent.id), counts && totalOf(counts.get(parent.id) ?? 0));
  }
  private async read(read: Read, input: ListInput) {
    const [pages, counts] = await Promise.all([
      this.reads.pagesByParent(read),
      input.count ? this.reads.countsByParent(read) : undefined,
    ]);
    return { pages, counts };
  }
}
