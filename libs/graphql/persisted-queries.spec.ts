import { describe, expect, it } from 'vitest';
import { PersistedQueries, sha256 } from './persisted-queries.js';

class Small extends PersistedQueries {
  protected override readonly maxDocuments = 3;
  protected override readonly maxBytes = 30;
}
const stored = (...texts: string[]) => {
  const queries = new Small();
  for (const text of texts) queries.store(sha256(text), text);
  return queries;
};

describe('persisted queries', () => {
  it('are found by their hash', () => {
    expect(stored('{ a }').find(sha256('{ a }'))).toBe('{ a }');
    expect(stored('{ a }').find(sha256('{ b }'))).toBeUndefined();
  });
  it('are bounded in number; the one that nobody asked for goes', () => {
    const queries = stored('{ a }', '{ b }', '{ c }');
    queries.find(sha256('{ a }'));
    queries.store(sha256('{ d }'), '{ d }');
    expect(['a', 'b', 'c', 'd'].filter((name) => queries.find(sha256(`{ ${name} }`)))).toEqual(['a', 'c', 'd']);
  });
  it('are bounded in bytes, of which some characters have several', () => {
    const queries = stored('{ a }', '# ääääää\n{ b }', '# 日本\n{ c }');
    expect(queries.size).toEqual({ documents: 1, bytes: 14 });
    queries.store(sha256('x'.repeat(31)), 'x'.repeat(31));
    expect(queries.find(sha256('x'.repeat(31)))).toBeUndefined();
    expect(queries.size).toEqual({ documents: 1, bytes: 14 });
  });
  it('count once', () => {
    expect(stored('{ a }', '{ a }', '{ a }').size).toEqual({ documents: 1, bytes: 5 });
  });
});
