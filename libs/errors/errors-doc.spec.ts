import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allErrors } from './catalogue.js';
import { allDetailCodes } from './detail-codes.js';
import { codesOnPage, errorsDoc } from './errors-doc.js';

const root = resolve(import.meta.dirname, '../..');
// Every module that adds rows says so by its name, so that the page cannot miss one.
for (const file of globSync('{src,libs}/**/{*errors,detail-codes}.ts', { cwd: root }))
  await import(/* @vite-ignore */ resolve(root, file));

it('codesOnPage finds what errorsDoc has written', () => {
  const { errors, details } = codesOnPage(errorsDoc());
  expect(errors).toEqual(allErrors().map(({ code }) => code));
  expect(details).toEqual(allDetailCodes().map(({ code }) => code));
});

describe('docs/errors.md', () => {
  const read = () => readFileSync(resolve(root, 'docs/errors.md'), 'utf8');

  it('names every code of the catalogue and no other', () => {
    const { errors, details } = codesOnPage(read());
    expect(errors).toEqual(allErrors().map(({ code }) => code));
    expect(details).toEqual(allDetailCodes().map(({ code }) => code));
  });
  it('is what `npm run docs:api` writes', () => {
    expect(read()).toBe(errorsDoc());
  });
});
