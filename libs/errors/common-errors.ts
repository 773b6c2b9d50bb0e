import { defineErrors } from './catalogue.js';
import { errorTexts } from './locales/texts.js';

/** Errors that any operation can answer with. */
export const commonErrors = defineErrors(
  'errors',
  {
    MALFORMED_REQUEST: {
      status: 400,
      description: 'The address, a header or the body cannot be parsed; `details` says what is wrong with a body.',
    },
    VALIDATION_FAILED: { status: 400, description: 'Input breaks the rules; `details` names every field.' },
    FILTER_NOT_ALLOWED: {
      status: 400,
      description: 'The list cannot be filtered by this field or operator; the text names what is allowed.',
    },
    SORT_NOT_ALLOWED: {
      status: 400,
      description: 'The list cannot be sorted by this field; the text names what is allowed.',
    },
    FIELD_UNKNOWN: {
      status: 400,
      description: '`fields` names a field that does not exist; the text names what is allowed.',
    },
    CURSOR_INVALID: {
      status: 400,
      description: 'The cursor does not belong to this list, its sort or its filters. Start again without one.',
    },
    UNAUTHENTICATED: { status: 401, description: 'A valid access token is needed.' },
    TOKEN_INVALID: {
      status: 401,
      description: 'The access token is malformed, expired, not for this service or not signed by a known key.',
    },
    DPOP_PROOF_INVALID: {
      status: 401,
      description:
        'The access token is bound to a key, and the request carries no fresh proof of it for this method and address: send `Authorization: DPoP` and a new `DPoP` field each time (RFC 9449).',
    },
    ACCOUNT_SUSPENDED: {
      status: 403,
      description: 'The account is suspended; nothing but its own end of session is possible.',
    },
    CLIENT_DISABLED: { status: 403, description: 'The service whose token it is has been disabled.' },
    IDENTITY_NOT_LINKED: {
      status: 403,
      description:
        'The token of another issuer is valid, but no account is linked to its subject, and its issuer makes none.',
    },
    IDENTITY_EMAIL_UNVERIFIED: {
      status: 403,
      description:
        'No account is linked to the subject of the token, and one can be made only from a token with `email` and `email_verified`.',
    },
    IDENTITY_EMAIL_TAKEN: {
      status: 403,
      description:
        'An account with the e-mail address of the token exists already and is not linked to its subject. It is never taken over: its owner has to link it.',
    },
    FORBIDDEN: { status: 403, description: 'The caller may see this but not do it.' },
    INSUFFICIENT_SCOPE: {
      status: 403,
      description:
        'The account may do this, but its access token not: ask for one with the scope that the text and `WWW-Authenticate` name.',
    },
    ACCOUNT_REQUIRED: {
      status: 403,
      description:
        'Only somebody with an account can do this; the token is that of a service that acts in its own name.',
    },
    ACTING_IS_READ_ONLY: {
      status: 403,
      description: 'The token lets somebody look at the service as this account sees it; it changes nothing.',
    },
    FIELD_FORBIDDEN: { status: 403, description: 'The caller may not read or write this field.' },
    NOT_FOUND: {
      status: 404,
      description: 'There is nothing at this address, or nothing that the caller may see.',
    },
    METHOD_NOT_ALLOWED: {
      status: 405,
      description: 'The address exists but not with this method; the header `Allow` names those that work.',
    },
    REQUEST_TIMEOUT: { status: 408, description: 'The request did not arrive in time.' },
    CONFLICT: { status: 409, description: 'Something that must be unique exists already, or is still in use.' },
    PRECONDITION_FAILED: {
      status: 412,
      description: 'The resource has changed since the version in `If-Match` or `ifMatch`. Read it again.',
    },
    PAYLOAD_TOO_LARGE: { status: 413, description: 'The body is larger than this address accepts.' },
    UNSUPPORTED_MEDIA_TYPE: {
      status: 415,
      description: 'The body has a media type or a content coding that this address does not take.',
    },
    TOO_MANY_REQUESTS: { status: 429, description: 'A rate limit is used up; try again after `Retry-After`.' },
    HEADERS_TOO_LARGE: { status: 431, description: 'The header fields are larger than this service accepts.' },
    QUERY_TOO_COMPLEX: {
      status: 400,
      description: 'The GraphQL document is too deep, too long, too costly or has too many aliases.',
    },
    GRAPHQL_INVALID: {
      status: 400,
      description: 'The GraphQL document does not parse or does not fit the schema.',
    },
    INTERNAL_ERROR: { status: 500, description: 'Something broke on our side. Quote the correlation id.' },
    UNAVAILABLE: {
      status: 503,
      description: 'Overloaded, starting or shutting down; nothing was done. Try again after `Retry-After`.',
    },
  },
  errorTexts,
);
