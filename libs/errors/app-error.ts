import type { MessageParams } from '#libs/messages/messages.js';
import type { ErrorRow } from './catalogue.js';

/** What is wrong with one input field. `field` is a path like `lines.0.quantity`, `code` a row of the detail catalogue. */
export interface ErrorDetail {
  field: string;
  code: string;
  params?: MessageParams;
}
export interface AppErrorOptions {
  /** Fill the placeholders of the public text: never put what the caller may not see here. */
  params?: MessageParams;
  details?: ErrorDetail[];
  retryAfterSeconds?: number;
  /** For the log only. */
  privateDetail?: string;
  cause?: unknown;
}

/** The one error that clients see: a row of the catalogue, filled in. Everything else becomes INTERNAL_ERROR. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly params: MessageParams;
  readonly details: ErrorDetail[];
  readonly retryAfterSeconds?: number;
  readonly privateDetail?: string;
  constructor(
    readonly row: ErrorRow,
    options: AppErrorOptions = {},
  ) {
    super(row.code, { cause: options.cause });
    this.params = options.params ?? {};
    this.details = options.details ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.privateDetail = options.privateDetail;
  }
  get code(): string {
    return this.row.code;
  }
  get status(): number {
    return this.row.status;
  }
}
