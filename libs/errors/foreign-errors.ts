import { AppError, type ErrorDetail } from './app-error.js';
import type { ErrorRow } from './catalogue.js';
import { commonErrors } from './common-errors.js';
import { detailCodes } from './detail-codes.js';

/** What errors of Nest, Fastify, pg, MikroORM and Node have in common; every field is checked before use. */
interface Foreign {
  name?: unknown;
  message?: unknown;
  code?: unknown;
  status?: unknown;
  statusCode?: unknown;
  cause?: unknown;
  validation?: unknown;
  validationContext?: unknown;
}

/**
 * The row of the catalogue that an error stands for. An `AppError` is returned as it is; whatever nobody has named
 * becomes INTERNAL_ERROR. The foreign error is kept as `cause` for the log, none of its text is public.
 */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const foreign = (typeof error === 'object' && error !== null ? error : {}) as Foreign;
  return (
    fromDatabase(foreign, error) ??
    fromFastify(foreign, error) ??
    fromHttpStatus(foreign, error) ??
    new AppError(commonErrors.INTERNAL_ERROR, { cause: error })
  );
}

// ---- PostgreSQL, its driver and pool, the network -------------------------------------------------------------

const SECONDS_UNTIL_RETRY = 1;
const unavailable = (cause: unknown, privateDetail: string) =>
  new AppError(commonErrors.UNAVAILABLE, { cause, privateDetail, retryAfterSeconds: SECONDS_UNTIL_RETRY });

/** https://www.postgresql.org/docs/current/errcodes-appendix.html; a class stands for all codes that start with it. */
const byState: Readonly<Record<string, ErrorRow>> = {
  '08': commonErrors.UNAVAILABLE, // connection exception
  '22': commonErrors.VALIDATION_FAILED, // data exception: a value that its column's type cannot hold
  '23503': commonErrors.CONFLICT, // foreign key: still in use, or gone meanwhile
  '23505': commonErrors.CONFLICT, // unique
  '23P01': commonErrors.CONFLICT, // exclusion
  '25006': commonErrors.UNAVAILABLE, // read-only transaction: the primary has just become a standby
  '25P03': commonErrors.UNAVAILABLE, // idle in transaction too long
  '25P04': commonErrors.UNAVAILABLE, // transaction timeout
  '40001': commonErrors.UNAVAILABLE, // serialization failure
  '40P01': commonErrors.UNAVAILABLE, // deadlock
  '53': commonErrors.UNAVAILABLE, // out of connections, memory or disk
  '55P03': commonErrors.UNAVAILABLE, // lock_timeout
  '57014': commonErrors.UNAVAILABLE, // statement_timeout
  '57P': commonErrors.UNAVAILABLE, // shutdown, crash, starting up, idle session timeout
};
const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
/** What pg and pg-pool throw without a code. */
const poolMessages =
  /^(timeout exceeded when trying to connect|Connection terminated|Client has encountered a connection error|Client was closed|Query read timeout|Cannot use a pool after calling end|timeout expired)/;

/** An SQLSTATE starts with a digit in every class that is mapped here, so `EPIPE` is not taken for one. */
export const sqlState = (error: unknown): string | undefined => {
  const code = (error as Foreign | null | undefined)?.code;
  return typeof code === 'string' && /^\d[0-9A-Z]{4}$/.test(code) ? code : undefined;
};

function fromDatabase(foreign: Foreign, error: unknown): AppError | undefined {
  if (foreign.name === 'OptimisticLockError') return new AppError(commonErrors.PRECONDITION_FAILED, { cause: error });
  const state = sqlState(foreign);
  if (state) {
    const row = byState[state] ?? byState[state.slice(0, 3)] ?? byState[state.slice(0, 2)];
    if (row === commonErrors.UNAVAILABLE) return unavailable(error, `SQLSTATE ${state}`);
    return row && new AppError(row, { cause: error, privateDetail: `SQLSTATE ${state}` });
  }
  if (typeof foreign.code === 'string' && networkCodes.has(foreign.code)) return unavailable(error, foreign.code);
  if (typeof foreign.message === 'string' && foreign.code === undefined && poolMessages.test(foreign.message))
    return unavailable(error, foreign.message);
  return undefined;
}

// ---- Fastify ---------------------------------------------------------------------------------------------------

const byFastifyCode: Readonly<Record<string, ErrorRow>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: commonErrors.PAYLOAD_TOO_LARGE,
  FST_ERR_CTP_INVALID_MEDIA_TYPE: commonErrors.UNSUPPORTED_MEDIA_TYPE,
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: commonErrors.MALFORMED_REQUEST,
  FST_ERR_CTP_EMPTY_JSON_BODY: commonErrors.MALFORMED_REQUEST,
  FST_ERR_CTP_INVALID_JSON_BODY: commonErrors.MALFORMED_REQUEST,
  FST_ERR_BAD_URL: commonErrors.MALFORMED_REQUEST,
  FST_ERR_INVALID_URL: commonErrors.MALFORMED_REQUEST,
  FST_ERR_NOT_FOUND: commonErrors.NOT_FOUND,
  // An id of a thousand characters is the id of nothing.
  FST_ERR_MAX_PARAM_LENGTH: commonErrors.NOT_FOUND,
  FST_ERR_HANDLER_TIMEOUT: commonErrors.UNAVAILABLE,
};

function fromFastify(foreign: Foreign, error: unknown): AppError | undefined {
  if (typeof foreign.code !== 'string') return undefined;
  if (foreign.code === 'FST_ERR_VALIDATION')
    return new AppError(commonErrors.VALIDATION_FAILED, { cause: error, details: schemaDetails(foreign) });
  const row = byFastifyCode[foreign.code];
  if (!row) return undefined;
  if (row === commonErrors.UNAVAILABLE) return unavailable(error, foreign.code);
  return new AppError(row, { cause: error, privateDetail: foreign.code });
}

/** The parts of an Ajv error that matter here. */
interface SchemaProblem {
  instancePath: string;
  keyword: string;
  params: Record<string, unknown>;
}

/** `/lines/0/quantity` → `lines.0.quantity`. */
const dotted = (pointer: string, property?: unknown) =>
  [...pointer.split('/').slice(1), ...(typeof property === 'string' ? [property] : [])].join('.');

function schemaDetails(foreign: Foreign): ErrorDetail[] {
  if (!Array.isArray(foreign.validation)) return [];
  return (foreign.validation as SchemaProblem[]).map(({ instancePath, keyword, params }) => {
    const field = dotted(instancePath);
    switch (keyword) {
      case 'required':
        return { field: dotted(instancePath, params.missingProperty), code: detailCodes.REQUIRED };
      case 'additionalProperties':
        return { field: dotted(instancePath, params.additionalProperty), code: detailCodes.UNKNOWN_FIELD };
      case 'type':
        return { field, code: detailCodes.TYPE, params: { expected: String(params.type) } };
      case 'minimum':
      case 'exclusiveMinimum':
        return { field, code: detailCodes.MIN, params: { min: Number(params.limit) } };
      case 'maximum':
      case 'exclusiveMaximum':
        return { field, code: detailCodes.MAX, params: { max: Number(params.limit) } };
      case 'minLength':
        return { field, code: detailCodes.MIN_LENGTH, params: { min: Number(params.limit) } };
      case 'maxLength':
        return { field, code: detailCodes.MAX_LENGTH, params: { max: Number(params.limit) } };
      case 'minItems':
        return { field, code: detailCodes.MIN_ITEMS, params: { min: Number(params.limit) } };
      case 'maxItems':
        return { field, code: detailCodes.MAX_ITEMS, params: { max: Number(params.limit) } };
      case 'uniqueItems':
        return { field, code: detailCodes.NOT_UNIQUE };
      case 'format':
      case 'pattern':
        return { field, code: detailCodes.FORMAT };
      case 'enum':
        return { field, code: detailCodes.ENUM, params: { allowed: (params.allowedValues as unknown[]).join(', ') } };
      default:
        return { field, code: detailCodes.INVALID };
    }
  });
}

// ---- Anything else that carries an HTTP status: Nest's HttpException, http-errors, other Fastify plugins -----------

const byStatus: Readonly<Record<number, ErrorRow>> = {
  400: commonErrors.VALIDATION_FAILED,
  401: commonErrors.UNAUTHENTICATED,
  403: commonErrors.FORBIDDEN,
  404: commonErrors.NOT_FOUND,
  405: commonErrors.METHOD_NOT_ALLOWED,
  408: commonErrors.REQUEST_TIMEOUT,
  409: commonErrors.CONFLICT,
  412: commonErrors.PRECONDITION_FAILED,
  413: commonErrors.PAYLOAD_TOO_LARGE,
  415: commonErrors.UNSUPPORTED_MEDIA_TYPE,
  422: commonErrors.VALIDATION_FAILED,
  429: commonErrors.TOO_MANY_REQUESTS,
  431: commonErrors.HEADERS_TOO_LARGE,
  502: commonErrors.UNAVAILABLE,
  503: commonErrors.UNAVAILABLE,
  504: commonErrors.UNAVAILABLE,
};

function fromHttpStatus(foreign: Foreign, error: unknown): AppError | undefined {
  const status = statusOf(foreign);
  if (status === undefined) return undefined;
  // Nest wraps what it catches from Fastify, its plugins and guards.
  if (foreign.cause instanceof AppError) return foreign.cause;
  const wrapped = typeof foreign.cause === 'object' && foreign.cause !== null ? (foreign.cause as Foreign) : undefined;
  const inner = wrapped && fromFastify(wrapped, error);
  if (inner) return inner;
  const row = byStatus[status] ?? (status < 500 ? commonErrors.MALFORMED_REQUEST : undefined);
  if (!row) return undefined;
  if (row === commonErrors.UNAVAILABLE || row === commonErrors.TOO_MANY_REQUESTS)
    return new AppError(row, { cause: error, retryAfterSeconds: SECONDS_UNTIL_RETRY });
  return new AppError(row, { cause: error });
}

function statusOf(foreign: Foreign & { getStatus?: unknown }): number | undefined {
  const status =
    typeof foreign.getStatus === 'function'
      ? (foreign.getStatus as () => unknown).call(foreign)
      : (foreign.statusCode ?? foreign.status);
  return typeof status === 'number' && status >= 400 && status <= 599 ? status : undefined;
}
