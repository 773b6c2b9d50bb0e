import { Module } from '@nestjs/common';
import { Accounts } from './accounts.js';
import { Identities } from './external/identities.js';
import { ProviderAccounts } from './external/provider-accounts.js';
import { SignInProviders } from './external/sign-in-providers.js';
import { LinkUse } from './links/link-use.js';
import { MailedLinks } from './links/mailed-links.js';
import { AccountFactorPages } from './pages/account-factors.pages.js';
import { AccountGate } from './pages/account-gate.js';
import { AccountProviderPages } from './pages/account-providers.pages.js';
import { AccountSections } from './pages/account-sections.js';
import { AccountSessionPages } from './pages/account-sessions.pages.js';
import { AccountPages } from './pages/account.pages.js';
import { ConsentPages } from './pages/consent.pages.js';
import { LinkRequestPages } from './pages/link-request.pages.js';
import { MailedLinkPages } from './pages/mailed-link.pages.js';
import { PasskeyForms } from './pages/passkey-forms.js';
import { ProviderForms } from './pages/provider-forms.js';
import { ProviderTrips } from './pages/provider-trips.js';
import { ProviderPages } from './pages/provider.pages.js';
import { SecondFactorPages } from './pages/second-factor.pages.js';
import { SignInDevices } from './pages/sign-in-devices.js';
import { SignInFlow } from './pages/sign-in-flow.js';
import { SignInProgress } from './pages/sign-in-progress.js';
import { SignInPages } from './pages/sign-in.pages.js';
import { PasswordHashes } from './passwords/password-hashes.js';
import { PasswordChange } from './passwords/password-change.js';
import { Passwords } from './passwords/passwords.js';
import { IdentityPurge } from './purge.js';
import { NotificationsModule } from '#src/notifications/notifications.module.js';
import { SecurityNotices } from './security-notices.js';
import { SignInTrail } from './sign-in-trail.js';
import { Challenges } from './second-factor/challenges.js';
import { FactorChanges } from './second-factor/factor-changes.js';
import { Passkeys } from './second-factor/passkeys.js';
import { RecoveryCodes } from './second-factor/recovery-codes.js';
import { SecondFactorsOf } from './second-factor/second-factors.js';
import { Totp } from './second-factor/totp.js';
import { WaysIn } from './ways-in.js';

@Module({
  imports: [NotificationsModule],
  providers: [
    Accounts,
    Identities,
    PasswordHashes,
    Passwords,
    PasswordChange,
    MailedLinks,
    LinkUse,
    Challenges,
    Passkeys,
    RecoveryCodes,
    SecondFactorsOf,
    Totp,
    SignInTrail,
    SecurityNotices,
    WaysIn,
    SignInProviders,
    ProviderAccounts,
    ProviderForms,
    ProviderTrips,
    SignInProgress,
    SignInDevices,
    LinkRequestPages,
    MailedLinkPages,
    FactorChanges,
    PasskeyForms,
    SignInFlow,
    SignInPages,
    ProviderPages,
    SecondFactorPages,
    ConsentPages,
    AccountGate,
    AccountSections,
    AccountPages,
    AccountFactorPages,
    AccountProviderPages,
    AccountSessionPages,
    IdentityPurge,
  ],
  exports: [Accounts, Identities, Passwords],
})
export class IdentityModule {}
