import { afterAll, expect, it, vi } from 'vitest';
import { fieldsOf } from '#libs/contract/fields.js';
import * as validation from '#libs/contract/validate.js';
import { startMatrix } from '#test/matrix/matrix.js';
import { forbiddenInputs } from '#test/matrix/forbidden-inputs.js';

/** Validation as other frameworks like it: what is not known is dropped. */
const { validate } = validation;
const sabotage = vi.spyOn(validation, 'validate');
sabotage.mockImplementation((contract, input) =>
  validate(
    contract,
    Object.fromEntries(Object.entries(input as object).filter(([name]) => fieldsOf(contract).has(name))),
  ),
);
const world = await startMatrix();
afterAll(async () => {
  sabotage.mockRestore();
  await world.app.stop();
});

it('that are dropped instead of refused are noticed', async () => {
  const wrong = await forbiddenInputs(world, 'updateMe');
  expect(wrong).toContainEqual(expect.stringMatching(/REST with \w+: done/));
});
it('that are taken are noticed by the row', async () => {
  expect(await forbiddenInputs(world, 'suspendUser')).toContain('suspendUser: rows have changed');
});
