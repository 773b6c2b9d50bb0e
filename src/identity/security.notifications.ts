import type { Locale } from '#libs/messages/messages.js';
import { defineTopics } from '#src/notifications/topics.js';
import { identityTexts } from './locales/texts.js';
import { deviceText } from './sessions/device-text.js';

interface NewDeviceData {
  /** `Firefox · Windows`; empty when it does not say. */
  readonly device: string;
  readonly address: string;
}
export const deviceTopics = defineTopics(
  'identity',
  {
    'account.new-device': {
      description: 'Somebody signed in in a browser that the account was not used in before.',
      data: { device: 'What it runs on, as far as it says; may be empty.', address: 'IP address.' },
      params: ({ device, address }: NewDeviceData, locale: Locale) => ({ device: deviceText(device, locale), address }),
    },
  },
  identityTexts,
);
const about = (description: string) => ({ description, data: {}, params: () => ({}) });
export const credentialTopics = defineTopics(
  'identity',
  {
    'account.password-changed': about('The password was changed.'),
    'account.passkey-added': about('A passkey was added.'),
    'account.passkey-removed': about('A passkey was removed.'),
    'account.authenticator-added': about('An authenticator app was set up.'),
    'account.authenticator-removed': about('The authenticator app was removed.'),
    'account.recovery-codes-renewed': about('New recovery codes took the place of the old ones.'),
  },
  identityTexts,
);
export const providerTopics = defineTopics(
  'identity',
  {
    'account.providers-changed': {
      description: 'Another provider to sign in with was added or removed.',
      data: { provider: 'What people know it as.' },
      params: ({ provider }: { readonly provider: string }) => ({ provider }),
    },
  },
  identityTexts,
);
