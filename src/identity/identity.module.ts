import { Module } from '@nestjs/common';
import { Accounts } from './accounts.js';
import { LinkUse } from './links/link-use.js';
import { MailedLinks } from './links/mailed-links.js';
import { LinkRequestPages } from './pages/link-request.pages.js';
import { MailedLinkPages } from './pages/mailed-link.pages.js';
import { SignInDevices } from './pages/sign-in-devices.js';
import { SignInProgress } from './pages/sign-in-progress.js';
import { PasswordHashes } from './passwords/password-hashes.js';
import { PasswordChange } from './passwords/password-change.js';
import { Passwords } from './passwords/passwords.js';
import { Challenges } from './second-factor/challenges.js';
import { Passkeys } from './second-factor/passkeys.js';
import { RecoveryCodes } from './second-factor/recovery-codes.js';
import { SecondFactorsOf } from './second-factor/second-factors.js';
import { Totp } from './second-factor/totp.js';

@Module({
  providers: [
    Accounts,
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
    SignInProgress,
    SignInDevices,
    LinkRequestPages,
    MailedLinkPages,
  ],
  exports: [Accounts, Passwords],
})
export class IdentityModule {}
