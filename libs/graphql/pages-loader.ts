import { Injectable } from '@nestjs/common';
import type { GraphQLFieldResolver } from 'graphql';
import { AccessGuard } from '#libs/authn/access.guard.js';
import type { Actor } from '#libs/authz/actor.js';
import { Listing } from '#libs/database/answers.js';
import type { Access } from '#libs/database/access.js';
import { listRead, type ListInput } from '#libs/database/list.js';
import type { Read } from '#libs/database/compiler.js';
import type { Item, Page } from '#libs/database/item.js';
import { Reads, totalOf } from '#libs/database/reads.js';
import type { Resource } from '#libs/database/resource.js';
import { askOf } from './ask.js';
import type { ChildPages } from './child-pages.js';
import { listInput, toConnection, type ConnectionArguments } from './connection.js';

interface Batch {
  readonly read: Read;
  readonly ids: Set<string>;
  readonly result: Promise<{ pages: Map<unknown, Page>; counts?: Map<unknown, number> }>;
}
/** What is being gathered for one request. */
export interface LoaderContext {
  readonly req: { readonly actor: Actor };
  batches?: Map<string, Batch>;
}

/** Pages of children for many parents of one answer (`users { orders(first: 5) }`): one statement for all of them. */
@Injectable()
export class PagesLoader {
  constructor(
    private readonly reads: Reads,
    private readonly guard: AccessGuard,
  ) {}

  /** Resolves a declared field. The guard of the root field has found the actor. */
  resolver({ resource, key, marker }: ChildPages): GraphQLFieldResolver<Item, LoaderContext, ConnectionArguments> {
    return async (row, args, context, info) => {
      const { actor } = context.req;
      this.guard.requireMarked(actor, marker);
      const ask = askOf(info, resource);
      const listing = await this.load(context, actor, resource, { key, id: row.id as string }, listInput(args, ask));
      return toConnection(listing, ask);
    };
  }
  private async load(
    context: LoaderContext,
    access: Access,
    resource: Resource,
    parent: { key: string; id: string },
    input: ListInput,
  ): Promise<Listing> {
    const key = `${resource.name}.${parent.key} ${input.selection.id} ${JSON.stringify([input.count, input.filter, input.sort, input.after, input.limit, input.q, input.peek, input.cursors])}`;
    const batches = (context.batches ??= new Map());
    let batch = batches.get(key);
    if (!batch) {
      const read = listRead(resource, access, input);
      const ids = new Set<string>();
      batch = {
        read,
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
    return new Listing(batch.read, pages.get(parent.id), counts && totalOf(counts.get(parent.id) ?? 0));
  }
  private async read(read: Read, input: ListInput) {
    const [pages, counts] = await Promise.all([
      this.reads.pagesByParent(read),
      input.count ? this.reads.countsByParent(read) : undefined,
    ]);
    return { pages, counts };
  }
}
