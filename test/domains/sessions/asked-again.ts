import { pkce, web, authorizationUrl, type Browser } from '#test/issuer/client.js';

/** Whether the browser has to sign in for the next session. */
export async function isAskedAgain(browser: Browser): Promise<boolean> {
  const request = { ...web, more: { prompt: 'none' } };
  const { left } = await browser.follow(authorizationUrl(request, pkce().challenge));
  return left?.searchParams.get('error') === 'login_required';
}
