import type { KoaContextWithOIDC } from 'oidc-provider';
import type { IssuerState } from './issuer-state.js';
import type { SessionStore } from './session-store.js';

/**
 * After somebody has signed out in the browser: what web clients have been given is over by now. Installed apps go on, but
 * for the one that has sent the browser here to sign out.
 */
export async function endsWith(ctx: KoaContextWithOIDC, state: IssuerState, sessions: SessionStore): Promise<void> {
  const { session, client, params } = ctx.oidc;
  if (ctx.status !== 303 || !params?.logout || !client || !session) return;
  const { grantId, persistsLogout } = session.authorizationFor(client.clientId) ?? {};
  if (grantId === undefined || !persistsLogout) return;
  await state.transaction(async (em) => {
    await state.removeGrants([grantId], em);
    await sessions.end(em, [grantId], 'SIGNED_OUT');
  });
}
