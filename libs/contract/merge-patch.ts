import { AppError } from '#libs/errors/app-error.js';
import { commonErrors } from '#libs/errors/common-errors.js';

type JsonObject = Readonly<Record<string, unknown>>;

/** Characters that a JSON field may have as text. */
export const maxJsonLength = 8192;

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
/** The value of the JSON field `field` after a patch, or VALIDATION_FAILED when it would outgrow what a field may hold. */
export function patchedJson(field: string, value: JsonObject, patch: JsonObject): Record<string, unknown> {
  const patched = mergePatch(value, patch);
  if (JSON.stringify(patched).length > maxJsonLength)
    throw new AppError(commonErrors.VALIDATION_FAILED, {
      details: [{ field, code: 'MAX_LENGTH', params: { max: maxJsonLength } }],
    });
  return patched;
}
