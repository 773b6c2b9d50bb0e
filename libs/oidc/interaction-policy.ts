import { interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';

const { base, Check } = interactionPolicy;

/** When the browser is asked for something, beyond what the library asks for by itself. */
export function policy(): interactionPolicy.DefaultPolicy {
  const prompts = base();
  const login = prompts.get('login')!;
  const consent = prompts.get('consent')!;
  login.checks.add(
    new Check('account_unavailable', 'the account may not sign in any more', ({ oidc }) =>
      // Without an account the checks that follow would have nothing to look at.
      oidc.session?.accountId !== undefined && !oidc.account ? Check.REQUEST_PROMPT : Check.NO_NEED_TO_PROMPT,
    ),
  );
  // The library's own asks at every request.
  consent.checks.remove('native_client_prompt');
  consent.checks.add(
    new Check('native_client_silent', 'native clients require End-User interaction', 'interaction_required', (ctx) =>
      isSilent(ctx) ? Check.REQUEST_PROMPT : Check.NO_NEED_TO_PROMPT,
    ),
    0,
  );
  return prompts;
}
/**
 * Whoever else has claimed the address of an app's redirect must not get a code without anybody having touched anything
 * (RFC 8252 §8.6). Claimed https addresses belong to one app alone.
 */
function isSilent({ oidc }: KoaContextWithOIDC): boolean {
  const { client, params, result } = oidc;
  const redirectUri = params?.redirect_uri;
  if (client?.applicationType !== 'native' || (typeof redirectUri === 'string' && redirectUri.startsWith('https:')))
    return false;
  return !result?.login && !result?.consent;
}
