import { domains } from '#test/domains/domains.js';
import { temptations as ofEverybody } from './expectations.js';

const all = domains.map((domain) => domain.expected);
/** The rows of all domains. */
export const operations = all.flatMap((e) => e.operations);
export const nested = all.flatMap((e) => e.nested ?? []);
export const fields = all.flatMap((e) => e.fields ?? []);
export const inputs = Object.assign({}, ...all.map((e) => e.inputs)) as Readonly<Record<string, readonly string[]>>;
export const temptations = [...new Set([...ofEverybody, ...all.flatMap((e) => e.temptations ?? [])])];
/** Words for errors, by their codes. */
export const refusals = Object.fromEntries(
  all.flatMap((e) => Object.entries(e.refusals ?? {})).map(([word, code]) => [code, word]),
);
