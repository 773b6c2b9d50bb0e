import { interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider';

const { base, Check } = interactionPolicy;

/** What a sign-in reached (`acr`): one factor, or two. */
export const acr = { single: 'urn:tandem:single', mfa: 'urn:tandem:mfa' } as const;
export const acrOf = (amr: readonly string[]): string => (amr.includes('mfa') ? acr.mfa : acr.single);

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
  login.checks.add(
    new Check('second_factor', 'a second factor is asked for', 'login_required', (ctx) =>
      lacksSecondFactor(ctx) ? Check.REQUEST_PROMPT : Check.NO_NEED_TO_PROMPT,
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
/**
 * `acr_values` are wishes, the best first (OpenID Connect Core §3.1.2.1): who has no second factor is signed in without one
 * after all, and the client sees it in the ID token.
 */
function lacksSecondFactor({ oidc }: KoaContextWithOIDC): boolean {
  const { params, session, result } = oidc;
  const asked = typeof params?.acr_values === 'string' ? params.acr_values.split(' ') : [];
  const best = asked.find((value) => value === acr.mfa || value === acr.single);
  return best === acr.mfa && session?.acr !== acr.mfa && !result?.login;
}
