import { sealedPersonKeys } from '#libs/audit/person-keys.js';
import { sealedSigningKeys } from '#libs/authn/signing-key-store.js';
import type { SealedColumn } from '#libs/secrets/reseal.js';
import { sealedTotpSecrets } from '#src/identity/second-factor/totp.js';

/** Everything that lies sealed for long; mails lie so in the queue of jobs until they are sent. */
export const sealedColumns: readonly SealedColumn[] = [sealedSigningKeys, sealedTotpSecrets, sealedPersonKeys];
