import { JsonProperty, raw } from '@mikro-orm/core';
import { describe, expect, it } from 'vitest';
import { parameterized } from './parameters.js';

const quoted = (name: string) => `"${name}"`;
const of = (sql: string, params: unknown[]) => parameterized(quoted, sql, params);

describe('the values of a statement of MikroORM', () => {
  it('stand beside it', () => {
    expect(of('update ?? set ?? = ?, "n" = ? where "id" = ?', ['t', 'a', "'; drop table t; --", null, 7])).toEqual({
      text: 'update "t" set "a" = $1, "n" = $2 where "id" = $3',
      values: ["'; drop table t; --", null, 7],
    });
  });
  it('may hold what a place looks like', () => {
    expect(of('select ? , ?', ['?', '$1 ?? \\?'])).toEqual({ text: 'select $1 , $2', values: ['?', '$1 ?? \\?'] });
  });
  it('are one place each in a list', () => {
    expect(of('"id" in (?) and "x" = ?', [['a', 'b', 'c'], 'd'])).toEqual({
      text: '"id" in ($1, $2, $3) and "x" = $4',
      values: ['a', 'b', 'c', 'd'],
    });
  });
  it('of a raw fragment go on counting', () => {
    const fragment = raw('now() - ?::interval', ['1 day']);
    expect(of('"a" = ? and "at" > ? and "b" = ?', [1, fragment, 2])).toEqual({
      text: '"a" = $1 and "at" > now() - $2::interval and "b" = $3',
      values: [1, '1 day', 2],
    });
  });
  it('leave the operator ? of jsonb alone, and a text without values as it is', () => {
    expect(of('"tags" \\? ?', ['x'])).toEqual({ text: '"tags" ? $1', values: ['x'] });
    expect(of("select 1 where 'a' ? 'b'", [])).toEqual({ text: "select 1 where 'a' ? 'b'", values: [] });
  });
  it('are JSON where the column is, lists too', () => {
    const marked = Object.defineProperty([1, { a: 2 }], JsonProperty, { value: true, enumerable: false });
    expect(of('values (?, ?, ?)', [{ a: [1] }, marked, 5n]).values).toEqual(['{"a":[1]}', '[1,{"a":2}]', '5']);
  });
});
