import { STATUS_CODES } from 'node:http';
import { allErrors, type ErrorRow } from '#libs/errors/catalogue.js';
import { commonErrors } from '#libs/errors/common-errors.js';
import { allDetailCodes, detailCodes } from '#libs/errors/detail-codes.js';
import { publicText, type ErrorBody, type ProblemBody, type PublicErrorDetail } from '#libs/errors/error-body.js';
import { defaultLocale } from '#libs/messages/messages.js';
import { schemaRef, type Example, type Method, type Response, type Schema } from './openapi-document.js';

/** Where the pages of the documentation stand; `type` of a problem document points at an anchor of it. */
export const errorsPath = '/docs/errors';
export const errorAnchor = (code: string): string => code.toLowerCase();

const exampleId = '0198c1f2-7c1e-7b7e-9b1e-2f6f3a0c5d10';
export const correlationIdSchema: Schema = {
  type: 'string',
  pattern: '^[A-Za-z0-9._:-]{1,128}$',
  maxLength: 128,
  examples: [exampleId],
};
/** Longest text that a message can have: names of all fields of a list among it. */
const maxText = 10_000;
const text = (description: string, example: string): Schema => ({
  type: 'string',
  maxLength: maxText,
  pattern: '^[^\\u0000]*$',
  description,
  examples: [example],
});
/** Codes are an open set: a client must take one that it does not know for the status that it comes with. */
const code = (description: string, known: readonly string[], example: string): Schema => ({
  type: 'string',
  maxLength: 64,
  pattern: '^[A-Z][A-Z0-9_]+$',
  description,
  examples: [example],
  'x-extensible-enum': known,
});
const tableOf = (rows: readonly { code: string; description: string; status?: number }[]) =>
  rows
    .map((row) => `- \`${row.code}\`${row.status === undefined ? '' : ` (${row.status})`}: ${row.description}`)
    .join('\n');

/** The schemas of both bodies that an error can have. */
export function errorSchemas(): Record<string, Schema> {
  const details: Schema = {
    type: 'array',
    maxItems: 1000,
    items: schemaRef('ErrorDetail'),
    description: 'What is wrong, field by field; empty where the code says it all.',
  };
  const correlationId = {
    ...correlationIdSchema,
    description: 'Id of the request, as in the header `X-Correlation-Id`.',
  };
  const errorCode = { ...schemaRef('ErrorCode'), description: 'What happened; stable, for programs.' };
  return {
    ErrorCode: code(
      `What happened. New codes may be added: take an unknown one for its status.\n\n${tableOf(allErrors())}`,
      allErrors().map((row) => row.code),
      'VALIDATION_FAILED',
    ),
    DetailCode: code(
      `What is wrong with one field. New codes may be added.\n\n${tableOf(allDetailCodes())}`,
      allDetailCodes().map((row) => row.code),
      'MIN',
    ),
    ErrorDetail: {
      type: 'object',
      description: 'What is wrong with one field of the input.',
      required: ['field', 'code', 'message'],
      properties: {
        field: text('Path of the field, such as `lines.0.quantity`; empty for the whole body.', 'lines.0.quantity'),
        code: { ...schemaRef('DetailCode'), description: 'What is wrong; stable, for programs.' },
        message: text('What is wrong, for people, in the language of `Accept-Language`.', 'This must be at least 1.'),
      },
    },
    Error: {
      type: 'object',
      description: 'The body of every error, unless a problem document is asked for.',
      required: ['error'],
      properties: {
        error: {
          type: 'object',
          description: 'The error.',
          required: ['code', 'message', 'details', 'correlationId'],
          properties: {
            code: errorCode,
            message: text(
              'What happened, for people, in the language of `Accept-Language`.',
              'Some input is not valid.',
            ),
            details,
            correlationId,
          },
        },
      },
    },
    Problem: {
      type: 'object',
      description: 'The same as a problem document (RFC 9457), for `Accept: application/problem+json`.',
      required: ['type', 'title', 'status', 'detail', 'code', 'details', 'correlationId'],
      properties: {
        type: {
          type: 'string',
          format: 'uri',
          maxLength: 400,
          description: 'Address of the explanation of the code.',
          examples: ['https://api.example.com/docs/errors#validation_failed'],
        },
        title: text('The HTTP status in words.', 'Bad Request'),
        status: {
          type: 'integer',
          format: 'int32',
          minimum: 400,
          maximum: 599,
          description: 'The HTTP status.',
          examples: [400],
        },
        detail: text('What happened, for people, in the language of `Accept-Language`.', 'Some input is not valid.'),
        instance: {
          type: 'string',
          format: 'uri-reference',
          maxLength: 16384,
          description: 'Path of the request.',
          examples: ['/v1/orders'],
        },
        code: errorCode,
        details,
        correlationId,
      },
    },
  };
}

export interface OperationTraits {
  method: Method;
  hasPathParameters: boolean;
  /** Whether somebody without an account may call it. */
  isOpen: boolean;
  /** Whether it takes a right that not every account has. */
  needsRight: boolean;
  /** Whether it is for accounts, whatever their rights. */
  needsAccount: boolean;
}
/** What any operation of this kind can answer with. */
export function generalErrors({
  method,
  hasPathParameters,
  isOpen,
  needsRight,
  needsAccount,
}: OperationTraits): ErrorRow[] {
  const e = commonErrors;
  return [
    e.MALFORMED_REQUEST,
    ...(isOpen ? [] : [e.UNAUTHENTICATED]),
    e.TOKEN_INVALID,
    e.DPOP_PROOF_INVALID,
    ...(needsRight ? [e.FORBIDDEN] : []),
    ...(isOpen ? [] : [e.INSUFFICIENT_SCOPE]),
    ...(needsAccount ? [e.ACCOUNT_REQUIRED] : []),
    ...(method === 'get' ? [] : [e.ACTING_IS_READ_ONLY]),
    e.ACCOUNT_SUSPENDED,
    e.CLIENT_DISABLED,
    e.IDENTITY_NOT_LINKED,
    e.IDENTITY_EMAIL_UNVERIFIED,
    e.IDENTITY_EMAIL_TAKEN,
    ...(hasPathParameters ? [e.NOT_FOUND] : []),
    ...(method === 'get' ? [] : [e.REQUEST_TIMEOUT, e.PAYLOAD_TOO_LARGE, e.UNSUPPORTED_MEDIA_TYPE]),
    e.TOO_MANY_REQUESTS,
    e.HEADERS_TOO_LARGE,
    e.INTERNAL_ERROR,
    e.UNAVAILABLE,
  ];
}

/** The rows by status, each once, in the order of their codes. */
export function byStatus(rows: readonly ErrorRow[]): Map<number, ErrorRow[]> {
  const grouped = new Map<number, ErrorRow[]>();
  for (const row of [...new Set(rows)].sort((a, b) => (a.code < b.code ? -1 : 1)))
    grouped.set(row.status, [...(grouped.get(row.status) ?? []), row]);
  return grouped;
}
/** Name under which the response of these rows is kept: operations with the same errors share it. */
export const errorResponseName = (rows: readonly ErrorRow[]): string => rows.map((row) => row.code).join('.');

/** The response with one status and these codes, in both shapes, with an example of each code. */
export function errorResponse(status: number, rows: readonly ErrorRow[]): Response {
  const examples = (body: (row: ErrorRow) => unknown): Record<string, Example> =>
    Object.fromEntries(rows.map((row) => [row.code, { summary: row.description, value: body(row) }]));
  return {
    description:
      rows.length === 1
        ? `\`${rows[0].code}\`: ${rows[0].description}`
        : tableOf(rows.map(({ code: c, description }) => ({ code: c, description }))),
    content: {
      'application/json': { schema: { ...schemaRef('Error') }, examples: examples(exampleBody) },
      'application/problem+json': {
        schema: { ...schemaRef('Problem') },
        examples: examples((row) => exampleProblem(status, row)),
      },
    },
  };
}

/** What fills the placeholders of example texts. */
const exampleParams = {
  field: 'note',
  allowed: 'id, status',
  reason: 'depth 13 > 12',
  min: 1,
  max: 100,
  state: 'starting',
  scope: 'orders:write',
};
const messageOf = (key: string) => publicText(key, defaultLocale, exampleParams);
const detail = (field: string, detailCode: string): PublicErrorDetail => ({
  field,
  code: detailCode,
  message: messageOf(`detail.${detailCode}`),
});
const exampleDetails: Readonly<Record<string, PublicErrorDetail[]>> = {
  [commonErrors.MALFORMED_REQUEST.code]: [detail('', detailCodes.JSON_SYNTAX)],
  [commonErrors.VALIDATION_FAILED.code]: [detail('lines.0.quantity', detailCodes.MIN)],
  [commonErrors.FILTER_NOT_ALLOWED.code]: [detail('note', detailCodes.NOT_ALLOWED)],
  [commonErrors.SORT_NOT_ALLOWED.code]: [detail('sort', detailCodes.NOT_ALLOWED)],
  [commonErrors.FIELD_UNKNOWN.code]: [detail('fields', detailCodes.NOT_ALLOWED)],
};
function exampleBody(row: ErrorRow): ErrorBody {
  return {
    error: {
      code: row.code,
      message: messageOf(row.code),
      details: exampleDetails[row.code] ?? [],
      correlationId: exampleId,
    },
  };
}
const exampleProblem = (status: number, row: ErrorRow): ProblemBody => ({
  type: `https://api.example.com${errorsPath}#${errorAnchor(row.code)}`,
  title: STATUS_CODES[status] ?? 'Error',
  status,
  detail: messageOf(row.code),
  code: row.code,
  details: exampleDetails[row.code] ?? [],
  correlationId: exampleId,
});
