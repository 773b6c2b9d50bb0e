import { afterAll, expect, it, vi } from 'vitest';
import * as validation from '#libs/contract/validate.js';
import { AppError } from '#libs/errors/app-error.js';
import { commonErrors } from '#libs/errors/common-errors.js';
import { startWorld } from '#test/harness/world.js';
import { answered, disagreement, generatedDisagreement, restOperations, rulesOf } from '#test/validation/agreement.js';
import { brokenBodies, exampleOf, jsonOf } from '#test/validation/bodies.js';
import { documentedClient } from '#test/validation/client.js';

/** The service checks one bound other than the one it publishes. */
const { validate } = validation;
const sabotage = vi.spyOn(validation, 'validate');
sabotage.mockImplementation((contract, input) => {
  const { displayName } = (input ?? {}) as { displayName?: unknown };
  if (typeof displayName === 'string' && Array.from(displayName).length === 120)
    throw new AppError(commonErrors.VALIDATION_FAILED, {
      details: [{ field: 'displayName', code: 'MAX_LENGTH', params: { max: 119 } }],
    });
  return validate(contract, input);
});
const world = await startWorld();
const { admin } = world.clients;
const load = await documentedClient();
const rules = await rulesOf(admin, world.app.url, load);
afterAll(async () => {
  sabotage.mockRestore();
  await world.app.stop();
});
const profile = rules.get('UpdateProfileInput')!;

it('a changed bound is noticed by generated bodies', () => {
  expect(generatedDisagreement(profile, 1, 3000).found).toMatch(/^UpdateProfileInput .*displayName MAX_LENGTH/s);
  expect(generatedDisagreement(rules.get('SetUserRolesInput')!, 1, 300).found).toBeUndefined();
});
it('and over the API', async () => {
  const operations = restOperations(
    (await admin.get('/openapi/v1.json')).body,
    (method, path) => (text, headers) => admin.rest(method, path, { body: JSON.parse(text) as unknown, headers }),
  );
  const updateMe = operations.find(({ name }) => name === 'REST updateMe')!;
  const send = (length: number) => answered(updateMe, profile, jsonOf({ displayName: '😀'.repeat(length) }));
  expect(await send(119)).toBeUndefined();
  expect(await send(120)).toContain('displayName MAX_LENGTH');
  expect(await send(121)).toBeUndefined();
});
it('so are another code, another text and another field', async () => {
  const other = async (change: (schema: string) => string) => {
    const real = fetch;
    vi.stubGlobal('fetch', async (url: string) => {
      const response = await real(url);
      return url.includes('/schemas/') ? new Response(change(await response.text())) : response;
    });
    const check = await load(world.app.url, 'UpdateProfileInput', profile.locale);
    vi.unstubAllGlobals();
    return brokenBodies(profile.schema).flatMap(({ rule, body }) =>
      disagreement({ ...profile, check }, jsonOf(body)) === undefined ? [] : [rule],
    );
  };
  expect(await other((schema) => schema)).toEqual([]);
  expect(await other((schema) => schema.replaceAll('"code":"MIN_LENGTH"', '"code":"MIN"'))).toEqual([
    'displayName minLength',
  ]);
  expect(await other((schema) => schema.replaceAll('"max":120', '"max":121'))).toEqual(['displayName maxLength']);
  expect(await other((schema) => schema.replace('"additionalProperties":false,', ''))).toEqual([
    'surplus additionalProperties',
  ]);
  expect(await other((schema) => schema.replaceAll('"maxProperties":100', '"maxProperties":101'))).toEqual([
    'preferences maxProperties',
  ]);
});
it('and a valid body that is refused', () => {
  expect(disagreement(profile, jsonOf(exampleOf(profile.schema)))).toBeUndefined();
  expect(disagreement({ ...profile, check: () => [] }, '{"surplus":1}')).toContain('UNKNOWN_FIELD');
});
