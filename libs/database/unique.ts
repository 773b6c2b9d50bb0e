import { AppError } from '#libs/errors/app-error.js';
import type { ErrorRow } from '#libs/errors/catalogue.js';
import { commonErrors } from '#libs/errors/common-errors.js';

/** What clients hear when a row breaks a unique constraint or index: which error, and about which field of the input. */
export interface Unique {
  readonly error: ErrorRow;
  readonly field: string;
}
/** Of a primary key that clients may choose. */
export const uniqueId: Unique = { error: commonErrors.CONFLICT, field: 'id' };

const uniqueViolation = '23505';

/**
 * Runs a write. Uniqueness is the database's to say, which no race gets past: a violation of one of these constraints, by
 * name, becomes its error with a detail for the field; of any other it stays what it is.
 */
export async function withUniques<T>(uniques: Readonly<Record<string, Unique>>, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (cause) {
    const { code, constraint } = cause as { code?: unknown; constraint?: unknown };
    const unique = code === uniqueViolation && typeof constraint === 'string' ? uniques[constraint] : undefined;
    if (!unique) throw cause;
    throw new AppError(unique.error, { cause, details: [{ field: unique.field, code: 'NOT_UNIQUE' }] });
  }
}
