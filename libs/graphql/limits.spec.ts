import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { AppError } from '#libs/errors/app-error.js';
import { checkLimits, defaultLimits, type QueryLimits } from './limits.js';

const none = { depth: Infinity, aliases: Infinity, rootFields: Infinity, cost: Infinity };
/** What the document measures: the largest limit that it goes past, plus one. */
function measure(what: keyof QueryLimits, text: string, variables?: Record<string, unknown>): number {
  try {
    checkLimits(parse(text), variables, { ...none, [what]: -1 });
  } catch (error) {
    return Number(/(\d+) > -1/.exec(String((error as AppError).params?.reason))?.[1]);
  }
  throw new Error('nothing was measured');
}

describe('depth', () => {
  it.each([
    ['{ me { id } }', 2],
    ['{ me { ... { ... on User { id } } } }', 2],
    ['{ me { ...A } } fragment A on User { orders { nodes { id } } }', 4],
    ['{ me { __typename } }', 1],
    ['query a { me { id } } query b { me { orders { nodes { id } } } }', 4],
  ])('of %s is %i', (text, depth) => {
    expect(measure('depth', text)).toBe(depth);
  });
});
describe('aliases', () => {
  it.each([
    ['{ me { id } }', 0],
    ['{ a: me { b: id } }', 2],
    ['{ a: me { ...A } b: me { ...A } } fragment A on User { x: id }', 4],
    ['{ a: __typename }', 1],
  ])('of %s are %i', (text, aliases) => {
    expect(measure('aliases', text)).toBe(aliases);
  });
});
describe('root fields', () => {
  it.each([
    ['{ me { id } orders { nodes { id } } }', 2],
    ['{ ...A ...A } fragment A on Query { me { id } }', 2],
    ['query a { me { id } } query b { me { id } }', 2],
  ])('of %s are %i', (text, fields) => {
    expect(measure('rootFields', text)).toBe(fields);
  });
});
describe('cost', () => {
  const orders = (first: string) => `orders(first: ${first}) { nodes { id } }`;
  it('counts a field as often as the lists above it can have rows', () => {
    const one = measure('cost', `{ ${orders('1')} }`);
    const ten = measure('cost', `{ ${orders('10')} }`);
    expect(ten - 1).toBe(10 * (one - 1));
  });
  it.each<[string, string, Record<string, unknown>?]>([
    ['a variable', `query ($n: Int) { ${orders('$n')} }`, { n: 100 }],
    ['a default of a variable', `query ($n: Int = 100) { ${orders('$n')} }`, {}],
    ['a default of a variable that is not set', `query ($n: Int = 100) { ${orders('$n')} }`, undefined],
    ['a fragment', '{ orders(first: 100) { ...A } } fragment A on OrderConnection { nodes { id } }'],
    ['an inline fragment', '{ orders(first: 100) { ... { nodes { id } } } }'],
  ])('is the same by %s', (_name, text, variables) => {
    expect(measure('cost', text, variables)).toBe(measure('cost', `{ ${orders('100')} }`));
  });
  it.each([
    ['nothing', '{ orders { nodes { id } } }'],
    ['null', '{ orders(first: null) { nodes { id } } }'],
    ['a variable that is null', 'query ($n: Int = 100) { orders(first: $n) { nodes { id } } }'],
    ['a variable without a value', 'query ($n: Int) { orders(first: $n) { nodes { id } } }'],
    ['a fragment', '{ orders { ...A } } fragment A on OrderConnection { nodes { id } }'],
    [
      'fragments in fragments',
      '{ orders { ...A } } fragment A on OrderConnection { ... { ...B } } fragment B on OrderConnection { nodes { id } }',
    ],
  ])('of a page of the default size is that of twenty rows: %s', (_name, text) => {
    expect(measure('cost', text, { n: null })).toBe(measure('cost', `{ ${orders('20')} }`));
  });
  it('a variable is worth in each operation what its default there says', () => {
    const text = `query a($n: Int = 1) { ...A } query b($n: Int = 100) { ...A } fragment A on Query { ${orders('$n')} }`;
    expect(measure('cost', text)).toBe(measure('cost', `{ ${orders('100')} ${orders('1')} }`));
  });
  it('negative pages cost no less than nothing', () => {
    expect(measure('cost', `{ ${orders('-5')} }`)).toBe(measure('cost', `{ ${orders('0')} }`));
  });
  it('of fragments that double themselves is found fast', () => {
    const fragments = Array.from({ length: 40 }, (_, i) => `fragment F${i} on User { ...F${i + 1} ...F${i + 1} }`);
    const text = `{ me { ...F0 } } ${fragments.join(' ')} fragment F40 on User { id }`;
    expect(() => checkLimits(parse(text), {})).toThrow(AppError);
  });
});
it('lets everyday documents pass', () => {
  const text = `query ($first: Int!) { orders(first: $first) { nodes {
    id total { amount currency } lines { quantity product { name category { name } } } customer { displayName } } pageInfo { endCursor } } }`;
  expect(() => checkLimits(parse(text), { first: 100 }, defaultLimits)).not.toThrow();
});
