/**
 * JSON in one form whatever the order of the members (RFC 8785), so that the same entry has the same hash wherever it is
 * read. Takes what `JSON.parse` gives.
 */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  // The default order of `sort` is that of UTF-16 code units (§3.2.3).
  const members = Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonical((value as Record<string, unknown>)[name])}`);
  return `{${members.join()}}`;
}

/** What JSON and a `jsonb` column keep of a value: no NUL, no half of a surrogate pair, and null for what is no value. */
export function plainJson(value: unknown): unknown {
  const text = JSON.stringify(value, (_, v: unknown) =>
    typeof v === 'string' ? storable(v) : typeof v === 'bigint' ? v.toString() : v,
  );
  return text === undefined ? null : withStorableNames(JSON.parse(text));
}
/** A text as PostgreSQL can hold it. */
export const storable = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD');

function withStorableNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withStorableNames);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, v]) => [storable(name), withStorableNames(v)]));
}
