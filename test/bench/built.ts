import 'reflect-metadata';

/** What the bench takes from the service, as the build has it. */
export { ExternalTokens } from '#libs/authn/external/external-tokens.js';
export { SigningKeyStore } from '#libs/authn/signing-key-store.js';
export { TokenVerifier } from '#libs/authn/token-verifier.js';
export { migrate } from '#libs/database/migrate.js';
export { LeasedBudgets } from '#libs/limits/leased-budgets.js';
export { RateLimits } from '#libs/limits/rate-limits.js';
export { Secrets } from '#libs/secrets/secrets.js';
export { seedDemo } from '#src/demo/demo-data.js';
export { growDemo } from '#src/demo/shop/grow-demo.js';
export { PasswordHashes } from '#src/identity/passwords/password-hashes.js';
export { migrations } from '#src/migrations.js';
