import { describe, expect, it } from 'vitest';
import { AppError } from './app-error.js';
import { commonErrors } from './common-errors.js';
import { toErrorBody, wantsProblem } from './error-body.js';

const context = { locale: 'en', correlationId: 'c-1' } as const;

describe('toErrorBody', () => {
  it('answers even when a placeholder was forgotten or a code is unknown', () => {
    const { body } = toErrorBody(
      new AppError(commonErrors.SORT_NOT_ALLOWED, { details: [{ field: 'a', code: 'NO_SUCH_CODE' }] }),
      context,
    );
    expect(body).toEqual({
      error: {
        code: 'SORT_NOT_ALLOWED',
        message: 'Cannot sort by …. Allowed: ….',
        details: [{ field: 'a', code: 'NO_SUCH_CODE', message: '' }],
        correlationId: 'c-1',
      },
    });
  });
  it('keeps private details and causes to itself', () => {
    const error = new AppError(commonErrors.INTERNAL_ERROR, { privateDetail: 'SECRET', cause: new Error('SECRET') });
    expect(JSON.stringify(toErrorBody(error, context))).not.toContain('SECRET');
  });
  it('rounds the seconds to wait up, and never to zero', () => {
    const after = (retryAfterSeconds: number) =>
      toErrorBody(new AppError(commonErrors.UNAVAILABLE, { retryAfterSeconds }), context).headers['retry-after'];
    expect([after(0), after(0.2), after(1.2)]).toEqual(['1', '1', '2']);
  });
  it('challenges whoever did not show a good token (RFC 6750 §3)', () => {
    const challenge = (row: (typeof commonErrors)[keyof typeof commonErrors]) =>
      toErrorBody(new AppError(row), context).headers['www-authenticate'];
    expect(challenge(commonErrors.UNAUTHENTICATED)).toBe('Bearer');
    expect(challenge(commonErrors.TOKEN_INVALID)).toBe('Bearer error="invalid_token"');
    expect(challenge(commonErrors.FORBIDDEN)).toBeUndefined();
  });
  it('points a problem at its explanation', () => {
    const docsUrl = 'https://api.example.com/docs/errors';
    const { body, headers } = toErrorBody(new AppError(commonErrors.NOT_FOUND), {
      ...context,
      docsUrl,
      accept: 'application/problem+json',
    });
    expect(headers['content-type']).toMatch('application/problem+json');
    expect(body).toMatchObject({ type: `${docsUrl}#not_found`, title: 'Not Found', status: 404, code: 'NOT_FOUND' });
  });
});

describe('wantsProblem', () => {
  it.each([
    [undefined, false],
    ['*/*', false],
    ['application/json', false],
    ['application/problem+json', true],
    ['application/problem+json;q=0', false],
    ['application/json, application/problem+json', true],
    ['application/json;q=0.5, application/problem+json', true],
    ['application/json, application/problem+json;q=0.5', false],
  ])('%s → %s', (accept, wanted) => expect(wantsProblem(accept)).toBe(wanted));
});
