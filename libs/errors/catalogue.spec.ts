import { describe, expect, it } from 'vitest';
import { allErrors, defineErrors } from './catalogue.js';
import { commonErrors } from './common-errors.js';
import { allDetailCodes, defineDetailCodes } from './detail-codes.js';

describe('the catalogue', () => {
  it('refuses a code twice, and one that is not UPPER_SNAKE', () => {
    const row = { status: 400, description: '' };
    const text = <C extends string>(code: C) => {
      const row = { [code]: code } as unknown as Record<C, string>;
      return { en: row, de: row, es: row, ar: row, ja: row };
    };
    expect(() => defineErrors('a', { NOT_FOUND: row }, text('NOT_FOUND'))).toThrow('defined twice');
    expect(() => defineErrors('a', { notFound: row }, text('notFound'))).toThrow('not UPPER_SNAKE');
    expect(() => defineDetailCodes('a', { MIN: '' }, text('detail.MIN'))).toThrow('defined twice');
  });
  it('has a description and an HTTP error status for every row', () => {
    for (const { code, status, description } of allErrors()) {
      expect(code).toBe(commonErrors[code as keyof typeof commonErrors]?.code ?? code);
      expect(status, code).toBeGreaterThanOrEqual(400);
      expect(status, code).toBeLessThan(600);
      expect(description, code).toMatch(/\.$/);
    }
    for (const { code, description } of allDetailCodes()) expect(description, code).toMatch(/\S/);
  });
});
