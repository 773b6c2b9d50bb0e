import { defineMail } from '#libs/mail/template.js';
import { identityTexts } from './locales/texts.js';

interface LinkParams {
  /** The name of the account; empty where there is none. */
  readonly name: string;
  readonly path: string;
}
interface NewDeviceParams extends LinkParams {
  readonly device: string;
  readonly address: string;
  /** In the language of the mail, with the time zone. */
  readonly time: string;
}
const example: LinkParams = { name: 'Ada Lovelace', path: '/confirm?token=example' };
const withLink = (name: string, description: string) =>
  defineMail<LinkParams>('identity', name, identityTexts, {
    description,
    example,
    parts: ({ name, path }) => [
      { paragraph: 'intro', params: { name } },
      { link: 'link', path },
      { paragraph: 'ignore' },
    ],
  });

/** One for each way that an address can come up; whoever typed it in sees no difference between them. */
export const mails = {
  register: withLink('register', 'When somebody registers: the link that makes the account.'),
  registerKnown: withLink('register-known', 'When somebody registers with the address of an account.'),
  reset: withLink('reset', 'When somebody has forgotten the password: the link to a new one.'),
  resetUnknown: withLink(
    'reset-unknown',
    'When somebody has forgotten the password of an account that does not exist.',
  ),
  passwordChanged: withLink('password-changed', 'After the password was changed, to the owner of the account.'),
  providersChanged: defineMail<LinkParams & { readonly provider: string }>(
    'identity',
    'providers-changed',
    identityTexts,
    {
      description: 'After another provider to sign in with was added to an account or removed.',
      example: { ...example, provider: 'Example' },
      parts: ({ name, path, provider }) => [
        { paragraph: 'intro', params: { name, provider } },
        { link: 'link', path },
        { paragraph: 'ignore' },
      ],
    },
  ),
  factorsChanged: defineMail<LinkParams & { readonly what: string }>('identity', 'factors-changed', identityTexts, {
    description: 'After a passkey or an authenticator app was added or removed, or recovery codes were renewed.',
    example: { ...example, what: 'A passkey was added to your account.' },
    parts: ({ name, path, what }) => [
      { paragraph: 'intro', params: { name } },
      { paragraph: 'what', params: { what } },
      { link: 'link', path },
    ],
  }),
  newDevice: defineMail<NewDeviceParams>('identity', 'new-device', identityTexts, {
    description: 'After a sign-in on a device that the account was not used on before.',
    example: {
      ...example,
      path: '/account#devices',
      device: 'Firefox on Windows',
      address: '203.0.113.7',
      time: 'November 28, 2026 at 9:41:00 AM UTC',
    },
    parts: ({ name, path, device, address, time }) => [
      { paragraph: 'intro', params: { name } },
      { paragraph: 'where', params: { device, address, time } },
      { link: 'link', path },
      { paragraph: 'ignore' },
    ],
  }),
};
