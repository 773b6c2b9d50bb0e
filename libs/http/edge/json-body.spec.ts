import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '#libs/errors/app-error.js';
import { isNestedDeeper, parseJson } from './json-body.js';

const bytes = (text: string) => Buffer.from(text);
const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

describe('isNestedDeeper', () => {
  it.each([
    ['{}', 1],
    ['[[]]', 2],
    ['[[],[]]', 2],
    ['{"a":{"b":[1]}}', 3],
    ['"[[[["', 0],
    ['{"[[[":"]{{"}', 1],
    ['["\\"[[[["]', 1],
    ['["\\\\",[]]', 2],
    ['["\\\\\\"[[["]', 1],
    ['17', 0],
  ])('%s is %i deep', (json, depth) => {
    expect(isNestedDeeper(bytes(json), depth)).toBe(false);
    if (depth > 0) expect(isNestedDeeper(bytes(json), depth - 1)).toBe(true);
  });
  it('agrees with the parser about every JSON value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.integer({ min: 0, max: 6 }), (value, max) => {
        expect(isNestedDeeper(bytes(JSON.stringify(value)), max)).toBe(depthOf(value) > max);
      }),
    );
  });
  it('never lets the parser see more than it was told, whatever the bytes are', () => {
    const nasty = fc.array(fc.constantFrom('[', ']', '{', '}', '"', '\\', ',', ':', '1', 'a'), { maxLength: 60 });
    fc.assert(
      fc.property(nasty, (parts) => {
        const json = parts.join('');
        let value: unknown;
        try {
          value = JSON.parse(json);
        } catch {
          return;
        }
        expect(isNestedDeeper(bytes(json), depthOf(value))).toBe(false);
        if (depthOf(value) > 0) expect(isNestedDeeper(bytes(json), depthOf(value) - 1)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('parseJson', () => {
  const detail = (body: Buffer) => {
    try {
      return parseJson(body, 4);
    } catch (error) {
      return (error as AppError).details[0].code;
    }
  };
  it('takes every JSON value, nothing, and a byte order mark', () => {
    expect([detail(bytes('null')), detail(bytes('')), detail(bytes('\uFEFF[1]'))]).toEqual([null, undefined, [1]]);
  });
  it('looks at depth before it parses, and names the reason', () => {
    expect(detail(bytes('[[[[['))).toBe('JSON_DEPTH');
    expect(detail(bytes('[[[['))).toBe('JSON_SYNTAX');
    expect(detail(Buffer.from([0x22, 0xff, 0x22]))).toBe('JSON_ENCODING');
    expect(detail(bytes('{"__proto__":1}'))).toBe('JSON_KEY');
    expect(detail(bytes('{"a":{"__proto__":{}}}'))).toBe('JSON_KEY');
  });
  it('takes a word that only looks like a key', () => {
    expect(detail(bytes('{"note":"__proto__","constructor":"Ada"}'))).toEqual({
      note: '__proto__',
      constructor: 'Ada',
    });
  });
});
