import { domains } from '#test/domains/domains.js';
import { temptations as ofEverybody, withTokenCallers, type Expected, type Row } from './expectations.js';

const all = domains.map((domain) => domain.expected);
const joined = (rows: (expected: Expected) => readonly Row[] | undefined) =>
  all.flatMap((e) => (rows(e) ?? []).map((row) => withTokenCallers(e, row)));
/** The rows of all domains, for every caller. */
export const operations = joined((e) => e.operations);
export const nested = joined((e) => e.nested);
export const fields = joined((e) => e.fields);
/** What is said of services and of tokens of others, by operation or by operation and situation. */
export const ofTokens = all.flatMap((e) => Object.keys({ ...e.service, ...e.external }));
export const inputs = Object.assign({}, ...all.map((e) => e.inputs)) as Readonly<Record<string, readonly string[]>>;
export const temptations = [...new Set([...ofEverybody, ...all.flatMap((e) => e.temptations ?? [])])];
/** Words for errors, by their codes. */
export const refusals = Object.fromEntries(
  all.flatMap((e) => Object.entries(e.refusals ?? {})).map(([word, code]) => [code, word]),
);
