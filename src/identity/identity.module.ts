import { Module } from '@nestjs/common';
import { Accounts } from './accounts.js';
import { MailedLinks } from './links/mailed-links.js';
import { PasswordHashes } from './passwords/password-hashes.js';
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
    MailedLinks,
    Challenges,
    Passkeys,
    RecoveryCodes,
    SecondFactorsOf,
    Totp,
  ],
  exports: [Accounts, Passwords],
})
export class IdentityModule {}
