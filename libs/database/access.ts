import type { Lowered } from './conditions.js';
import type { Resource } from './resource.js';

/** What one role set may read of one resource. */
export interface Rights {
  /** Unique in this process for this shape of rights: part of plan keys. */
  readonly id: number;
  /** The same on every instance: part of ETags. */
  readonly key: string;
  /** Which rows; undefined: none. */
  readonly rows?: Lowered;
  /** Every row. */
  readonly everything: boolean;
  /** Restrictable fields that may be read: always, or on a condition. A field that is missing may not. */
  readonly fields: ReadonlyMap<string, true | Lowered>;
}
/** Who reads: rights by resource, and the actor's own values in them. */
export interface Access {
  rights(resource: Resource): Rights;
  /** Replaces an `ActorValue` by the actor's value; anything else stays. */
  value(value: unknown): unknown;
}
export const readable = (rights: Rights, resource: Resource, field: string): true | Lowered | undefined =>
  resource.fields.get(field)?.restrictable ? rights.fields.get(field) : true;
