import { AppError } from '#libs/errors/app-error.js';
import { commonErrors } from '#libs/errors/common-errors.js';
import { invalid } from './list.js';

/**
 * Compares the version of a row with `If-Match` (RFC 9110 §13.1.1): PRECONDITION_FAILED unless one of the tags names it.
 * Only the version of a tag counts; rights, fields and language of the copy that the client holds do not.
 */
export function requireMatch(row: { version: number }, ifMatch: string | null | undefined): void {
  if (ifMatch === undefined || ifMatch === null || ifMatch.trim() === '*') return;
  const versions = ifMatch.split(',').map((tag) => {
    const version = /^\s*(?:W\/)?"(\d{1,10})(?:\.[A-Za-z0-9_-]*)?"\s*$/.exec(tag)?.[1];
    if (version === undefined) throw invalid('ifMatch', 'FORMAT');
    return Number(version);
  });
  if (!versions.includes(row.version)) throw new AppError(commonErrors.PRECONDITION_FAILED);
}
