import { createHash } from 'node:crypto';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { API_POLICY, contentSecurityPolicy } from '#libs/http/edge/security-headers.js';

/**
 * The one page that the library still writes itself submits a form to us by a script in it. The policy of an API answer
 * would stop both.
 */
export function policyForScripts(ctx: KoaContextWithOIDC, page: string): void {
  const digests = [...page.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(
    ([, script]) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  );
  const policy = { ...API_POLICY, 'form-action': ["'self'"], ...(digests.length > 0 && { 'script-src': digests }) };
  ctx.set('content-security-policy', contentSecurityPolicy(policy));
}
