import { afterEach, expect, it } from 'vitest';
import { loadConfig } from '#libs/config/config.js';
import { SignInIssuer } from '#libs/testing/sign-in-issuer.js';
import { testEncryptionKey } from '#test/harness/test-app.js';
import { examineProviders } from './providers-check.js';

let issuer: SignInIssuer;
afterEach(() => issuer.stop());

async function findings(allow = '127.0.0.1/32', more = {}) {
  const provider = {
    id: 'example',
    name: 'Example',
    issuer: issuer.url,
    clientId: 'a',
    clientSecret: 'canary',
    ...more,
  };
  const config = loadConfig({
    DATABASE_URL: 'postgres://app@localhost/tandem',
    ENCRYPTION_KEYS: testEncryptionKey,
    EGRESS_ALLOW: allow,
    SIGN_IN_PROVIDERS: JSON.stringify([provider]),
  });
  return examineProviders(config);
}
it('the doctor says which providers answer, and what is wrong with the others', async () => {
  issuer = await SignInIssuer.start();
  const host = new URL(issuer.url).host;
  expect(await findings()).toEqual([{ check: 'sign-in', status: 'ok', message: `example (${host}) describes itself` }]);
  issuer.mode = 'garbage';
  const [garbage] = await findings();
  expect(garbage).toMatchObject({ status: 'problem', cure: expect.stringContaining('SIGN_IN_PROVIDERS') });
  issuer.mode = 'well';
  const [refused] = await findings('10.0.0.0/8');
  expect(refused).toMatchObject({ status: 'problem', message: expect.stringContaining('its address is not public') });
  const [another] = await findings(undefined, { issuer: `${issuer.url}/realm` });
  expect(another.status).toBe('problem');
  expect(JSON.stringify([garbage, refused, another])).not.toContain('canary');
});
