import { allErrors } from '#libs/errors/catalogue.js';
import { domains } from '#test/domains/domains.js';
import type { Contract, Described } from './document.js';
import { problemsOfRequest, type RestRequest } from './rest-requests.js';
import type { Received } from './transport.js';

/** Codes that call a request malformed, whoever sends it. */
const malformed = new Set(['MALFORMED_REQUEST', 'VALIDATION_FAILED', 'UNSUPPORTED_MEDIA_TYPE', 'PAYLOAD_TOO_LARGE']);
/** Codes that call it so as long as the caller may read every field. */
const malformedToAll = new Set(['FILTER_NOT_ALLOWED', 'SORT_NOT_ALLOWED', 'FIELD_UNKNOWN', 'CURSOR_INVALID']);
type Detail = ErrorOfAnswer['details'][number];
/**
 * Rules that no schema can state: whether something exists, names whose list the system keeps, and what the domain says of
 * this operation.
 */
export function isBeyondSchemas(operation: string, { field, code }: Detail): boolean {
  if (code === 'NOT_FOUND' || (field === 'timeZone' && code === 'FORMAT')) return true;
  return domains.some(({ beyondSchemas }) => beyondSchemas?.[operation]?.some((rule) => rule.test(`${field} ${code}`)));
}
/** What an answer must never tell of the inside. */
export const inside =
  /node_modules|\bat .{1,80}\.[jt]s:\d+|\bselect .{1,200} from |\binsert into |syntax error at or near|violates .{1,40} constraint|\bpg_|MikroORM|TypeError|ECONNREFUSED/;

export interface Caller {
  readonly name: string;
  /** Whether it may read and filter everything. */
  readonly mayEverything: boolean;
}

/** What is wrong with the answer to a request, by the document, the catalogue and the request itself. */
export function problemsOfRestAnswer(
  contract: Contract,
  operation: Described,
  request: RestRequest,
  answer: Received,
  caller: Caller,
): string[] {
  const { status } = answer;
  if (status >= 500) return [`a ${status}`];
  const declared = operation.responses[status];
  if (!declared) return [`status ${status} is not declared`];
  const isPartial = request.query.some(([name]) => name === 'fields');
  const problems = [
    ...headerProblems(contract, declared.headers, answer),
    ...bodyProblems(contract, declared.content, answer, isPartial),
  ];
  if (inside.test(answer.text)) problems.push('the answer tells of the inside');
  if (status >= 400) problems.push(...codeProblems(operation.id, declared.codes, request, answer, caller));
  else {
    const wrong = problemsOfRequest(contract, operation, request);
    if (wrong.length > 0) problems.push(`accepted, although ${wrong.join('; ')}`);
  }
  return problems;
}
function headerProblems(
  contract: Contract,
  declared: Described['responses'][string]['headers'],
  { headers }: Received,
) {
  const problems: string[] = [];
  for (const [name, schema] of Object.entries(declared)) {
    const text = headers[name];
    if (text === undefined) continue;
    const value = schema.type === 'integer' ? Number(text) : text;
    problems.push(...contract.problemsOfAnswer(schema, value).map((p) => `header ${name}: ${p}`));
  }
  if (headers['x-correlation-id'] === undefined) problems.push('no correlation id');
  return problems;
}
function bodyProblems(
  contract: Contract,
  content: Described['responses'][string]['content'],
  { status, headers, text }: Received,
  isPartial: boolean,
): string[] {
  if (Object.keys(content).length === 0) return text === '' ? [] : ['a body that is not declared'];
  const type = headers['content-type']?.split(';')[0];
  const schema = content[type];
  if (!schema) return [`content type ${type} is not declared`];
  try {
    return contract
      .problemsOfAnswer(schema, JSON.parse(text), isPartial && status < 300)
      .map((p) => `the body breaks its schema: ${p}`);
  } catch {
    return ['the body is not JSON'];
  }
}
export interface ErrorOfAnswer {
  readonly code: string;
  readonly correlationId: string;
  readonly details: readonly { readonly field: string; readonly code: string }[];
}
export function errorOf(text: string): ErrorOfAnswer {
  const body = JSON.parse(text) as { error?: ErrorOfAnswer } & ErrorOfAnswer;
  return body.error ?? body;
}
function codeProblems(
  operation: string,
  codes: readonly string[],
  request: RestRequest,
  answer: Received,
  caller: Caller,
): string[] {
  const problems: string[] = [];
  let error: ErrorOfAnswer;
  try {
    error = errorOf(answer.text);
  } catch {
    return [];
  }
  const row = allErrors().find(({ code }) => code === error.code);
  if (!row) problems.push(`${error.code} is not in the catalogue`);
  else if (row.status !== answer.status) problems.push(`${error.code} with status ${answer.status}`);
  if (!codes.includes(error.code)) problems.push(`${error.code} is not declared for ${answer.status}`);
  if (error.correlationId !== answer.headers['x-correlation-id']) problems.push('two correlation ids');
  const refused = malformed.has(error.code) || (caller.mayEverything && malformedToAll.has(error.code));
  const isExplained = error.details.length > 0 && error.details.every((detail) => isBeyondSchemas(operation, detail));
  if (request.isValid && refused && !isExplained)
    problems.push(`refused, although the document allows it: ${JSON.stringify(error)}`);
  return problems;
}
