import { AppError, type ErrorDetail } from '#libs/errors/app-error.js';
import { commonErrors } from '#libs/errors/common-errors.js';

type JsonObject = Readonly<Record<string, unknown>>;

/** Characters that a JSON field may have as text. */
export const maxJsonLength = 8192;

/** In JSON text: U+0000 and half surrogate pairs, which are always escaped there, but not an escaped backslash and `u`. */
const unstorable = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f]\w\w)/;

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** JSON Merge Patch (RFC 7396) of one object: members of `patch` replace those of `target`, null removes them. */
export function mergePatch(target: JsonObject, patch: JsonObject): Record<string, unknown> {
  const merged = new Map(Object.entries(target));
  for (const [name, value] of Object.entries(patch)) {
    const old = merged.get(name);
    if (value === null) merged.delete(name);
    else merged.set(name, isObject(value) ? mergePatch(isObject(old) ? old : {}, value) : value);
  }
  // Defines each member, where an assignment to `__proto__` would set the prototype.
  return Object.fromEntries(merged);
}
/**
 * The value of the JSON field `field` after a patch, or VALIDATION_FAILED when it outgrows what a field may hold, or has
 * a text that PostgreSQL cannot hold.
 */
export function patchedJson(field: string, value: JsonObject, patch: JsonObject): Record<string, unknown> {
  const patched = mergePatch(value, patch);
  const text = JSON.stringify(patched);
  const refusal = (detail: Omit<ErrorDetail, 'field'>) =>
    new AppError(commonErrors.VALIDATION_FAILED, { details: [{ field, ...detail }] });
  if (text.length > maxJsonLength) throw refusal({ code: 'MAX_LENGTH', params: { max: maxJsonLength } });
  if (unstorable.test(text)) throw refusal({ code: 'FORMAT' });
  return patched;
}
