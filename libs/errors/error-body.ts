import { STATUS_CODES } from 'node:http';
import { allMessages, message, type Locale, type MessageParams } from '#libs/messages/messages.js';
import type { AppError } from './app-error.js';
import { toAppError } from './foreign-errors.js';

export interface ErrorBodyContext {
  locale: Locale;
  correlationId: string;
  /** The client's `Accept`; with `application/problem+json` in it the body is a problem document (RFC 9457). */
  accept?: string;
  /** The path of the request, without the query, for `instance`. */
  instance?: string;
  /** Page whose anchors explain the codes, for `type`. */
  docsUrl?: string;
}

export interface PublicErrorDetail {
  field: string;
  code: string;
  message: string;
}
/** The body of every error response that is not a problem document. */
export interface ErrorBody {
  error: { code: string; message: string; details: PublicErrorDetail[]; correlationId: string };
}
export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance?: string;
  code: string;
  details: PublicErrorDetail[];
  correlationId: string;
}
export interface ErrorResponse {
  status: number;
  /** Names in lower case; `content-type` always, `retry-after` and `www-authenticate` where they belong. */
  headers: Record<string, string>;
  body: ErrorBody | ProblemBody;
}

/** Whatever was thrown → what a client may see of it. Never throws, and shows nothing of an error it does not know. */
export function toErrorBody(error: unknown, context: ErrorBodyContext): ErrorResponse {
  const appError = toAppError(error);
  const { code, status } = appError;
  const text = publicText(code, context.locale, appError.params);
  const details = publicDetails(appError, context.locale);
  const { correlationId } = context;
  const headers = headersOf(appError);
  if (!wantsProblem(context.accept)) {
    headers['content-type'] = 'application/json; charset=utf-8';
    return { status, headers, body: { error: { code, message: text, details, correlationId } } };
  }
  headers['content-type'] = 'application/problem+json; charset=utf-8';
  const body: ProblemBody = {
    type: context.docsUrl ? `${context.docsUrl}#${code.toLowerCase()}` : 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: text,
    ...(context.instance !== undefined && { instance: context.instance }),
    code,
    details,
    correlationId,
  };
  return { status, headers, body };
}

// RFC 6750 §3.1, RFC 9449 §7.1
const challenges: Readonly<Record<string, string>> = {
  TOKEN_INVALID: 'Bearer error="invalid_token"',
  DPOP_PROOF_INVALID: 'DPoP error="invalid_dpop_proof", algs="ES256 EdDSA"',
};

/** Header fields that belong to an error, whatever its body: `retry-after` and `www-authenticate`. */
export function headersOf({ code, status, params, retryAfterSeconds }: AppError): Record<string, string> {
  const headers: Record<string, string> = {};
  // A 401 must say how to do better (RFC 9110 §11.6.1, RFC 6750 §3).
  if (status === 401) headers['www-authenticate'] = challenges[code] ?? 'Bearer';
  // RFC 6750 §3.1
  if (code === 'INSUFFICIENT_SCOPE')
    headers['www-authenticate'] = `Bearer error="insufficient_scope", scope="${String(params.scope)}"`;
  if (retryAfterSeconds !== undefined) headers['retry-after'] = String(Math.max(1, Math.ceil(retryAfterSeconds)));
  return headers;
}

/** The details of an error with their texts; GraphQL puts the same into `extensions.details`. */
export function publicDetails(error: AppError, locale: Locale): PublicErrorDetail[] {
  return error.details.map(({ field, code, params }) => ({
    field,
    code,
    message: publicText(`detail.${code}`, locale, params),
  }));
}

/** The public text of a code. A placeholder that nobody filled must not turn an error answer into another error. */
export function publicText(key: string, locale: Locale, params?: MessageParams): string {
  try {
    return message(key, locale, params);
  } catch {
    return (
      allMessages()
        .get(key)
        ?.[locale].replace(/\{[^{}]*\}/g, '…') ?? ''
    );
  }
}

/** True when `Accept` names problem+json and does not prefer plain JSON to it (RFC 9110 §12.5.1). */
export function wantsProblem(accept: string | undefined): boolean {
  if (accept === undefined || !accept.includes('application/problem+json')) return false;
  let problem = 0;
  let json = 0;
  for (const range of accept.split(',')) {
    const [type, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const q = parameters.find((parameter) => parameter.startsWith('q='));
    const weight = q === undefined ? 1 : Number(q.slice(2)) || 0;
    if (type === 'application/problem+json') problem = weight;
    else if (type === 'application/json') json = weight;
  }
  return problem > 0 && problem >= json;
}
