import { createHash } from 'node:crypto';

/** Answer of a handler: JSON that is the same for everybody and changes with a release only. */
export class PublicDocument {
  readonly text: string;
  readonly etag: string;

  constructor(
    readonly content: Readonly<Record<string, unknown>>,
    readonly type: string,
    /** Of its texts. */
    readonly language?: string,
  ) {
    this.text = JSON.stringify(content);
    this.etag = `"${createHash('sha256').update(this.text).digest('base64url').slice(0, 22)}"`;
  }
}
