import { describe, expect, it } from 'vitest';
import { maxJsonLength, mergePatch, patchedJson } from './merge-patch.js';

describe('mergePatch', () => {
  // The cases of RFC 7396, appendix A, whose target and patch are objects.
  it.each([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('%j patched with %j is %j', (target, patch, result) => {
    expect(mergePatch(target, patch)).toEqual(result);
  });
  it('leaves the target as it was', () => {
    const target = { a: { b: 1 } };
    mergePatch(target, { a: { b: 2 }, c: 3 });
    expect(target).toEqual({ a: { b: 1 } });
  });
  it('takes __proto__ for the name of a member', () => {
    const merged = mergePatch({}, JSON.parse('{"__proto__": {"isAdmin": true}}') as Record<string, unknown>);
    expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
    expect((merged as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  });
});

describe('patchedJson', () => {
  it('refuses what outgrows a field, however small the patch is', () => {
    const value = { text: 'x'.repeat(maxJsonLength - '{"text":""}'.length) };
    expect(patchedJson('attributes', value, {})).toEqual(value);
    expect(() => patchedJson('attributes', value, { a: 1 })).toThrow(
      expect.objectContaining({
        code: 'VALIDATION_FAILED',
        details: [{ field: 'attributes', code: 'MAX_LENGTH', params: { max: maxJsonLength } }],
      }),
    );
  });
  it.each(['a\u0000', '\ud800', 'x\udc00y', '\\\u0000'])('refuses %j, which PostgreSQL cannot hold', (text) => {
    for (const patch of [{ a: text }, { b: { [text]: 1 } }, { c: [text] }])
      expect(() => patchedJson('attributes', {}, patch)).toThrow(
        expect.objectContaining({ details: [{ field: 'attributes', code: 'FORMAT' }] }),
      );
  });
  it.each(['\\u0000', '\u0001', '😀', '\\ud800', 'd800'])('takes %j', (text) => {
    expect(patchedJson('attributes', {}, { [text]: text })).toEqual({ [text]: text });
  });
});
