import { originBound, personalBound } from './audit.js';
import { openUnder, type Keys } from './person-keys.js';

type Values = Record<string, unknown>;

/** A value of an entry that cannot be read before the keys of people are at hand. */
export abstract class Sealed {
  constructor(
    protected readonly id: string,
    /** Whose key it takes, if any. */
    readonly person: string | null,
  ) {}
  abstract open(keys: Keys): unknown;

  protected opened(keys: Keys, sealed: string | null, bound: string): Values | undefined {
    const key = this.person === null ? undefined : keys.get(this.person);
    const text = key && sealed !== null ? openUnder(key, sealed, bound) : undefined;
    return text === undefined ? undefined : (JSON.parse(text) as Values);
  }
}
/** `before` or `after`, with what is personal in it. */
export class SealedValues extends Sealed {
  constructor(
    id: string,
    person: string | null,
    private readonly part: 'before' | 'after',
    private readonly values: Values | null,
    private readonly personal: string | null,
  ) {
    super(id, person);
  }
  open(keys: Keys): Values | null {
    const secret = this.opened(keys, this.personal, personalBound(this.id))?.[this.part];
    return this.values && { ...this.values, ...(secret as Values | undefined) };
  }
}
/** `ip` or `userAgent`. */
export class SealedOrigin extends Sealed {
  constructor(
    id: string,
    owner: string | null,
    private readonly part: 'ip' | 'userAgent',
    private readonly origin: string | null,
  ) {
    super(id, owner);
  }
  open(keys: Keys): unknown {
    const plain = this.origin?.startsWith('{') ? (JSON.parse(this.origin) as Values) : undefined;
    return (plain ?? this.opened(keys, this.origin, originBound(this.id)))?.[this.part] ?? null;
  }
}
/** The names of the fields that nobody can read any more. */
export class ErasedFields extends Sealed {
  constructor(
    id: string,
    person: string | null,
    private readonly sealedFields: readonly string[],
    private readonly personal: string | null,
  ) {
    super(id, person);
  }
  open(keys: Keys): readonly string[] {
    return this.opened(keys, this.personal, personalBound(this.id)) ? [] : this.sealedFields;
  }
}
