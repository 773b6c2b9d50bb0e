import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { html } from '#libs/http/html.js';
import { allMessages } from '#libs/messages/messages.js';
import { Interactions, type Interaction } from '#libs/oidc/interactions.js';
import { button } from '#libs/pages/fields.js';
import type { Visit } from '#libs/pages/visit.js';
import { Accounts } from '#src/identity/accounts.js';
import { SignInFlow } from './sign-in-flow.js';
import { signInPath } from './sign-in-progress.js';

/** May this app: what a third party wants is said in words, and agreed to as a whole. */
@Injectable()
export class ConsentPages {
  constructor(
    flow: SignInFlow,
    private readonly interactions: Interactions,
    private readonly accounts: Accounts,
  ) {
    const path = signInPath(':uid');
    const consent = flow.during('consent');
    consent.post(`${path}/consent`, (visit) => this.interactions.finish(visit.request, visit.reply, { consent: {} }));
    consent.get(`${path}/consent`, (visit, { uid }) => visit.redirect(signInPath(uid)));
  }
  async show(visit: Visit, interaction: Interaction): Promise<FastifyReply> {
    const { uid, client, accountId = '' } = interaction;
    const path = signInPath(uid);
    const account = (await this.accounts.find(accountId))?.email ?? '';
    const words = { client: client.name, account };
    const scopes = scopesToSay(interaction);
    // An app of ours on this device, which everything was agreed with: somebody has to be there (RFC 8252 §8.6).
    const isOnlyAsked = scopes.length === 0;
    return visit.show({
      title: visit.text(isOnlyAsked ? 'identity.continue.title' : 'identity.consent.title'),
      body: html`<div class="card">
          <p>${visit.text(isOnlyAsked ? 'identity.continue.text' : 'identity.consent.intro', words)}</p>
          ${
            !isOnlyAsked &&
            html`<ul class="scopes">
              ${scopes.map((scope) => html`<li>${wordsFor(visit, scope)}</li>`)}
            </ul>`
          }
          ${!isOnlyAsked && html`<p class="quiet-text">${visit.text('identity.consent.hint')}</p>`}
          ${links(visit, interaction)}
        </div>
        ${visit.formTo(
          `${path}/consent`,
          button(visit.text(isOnlyAsked ? 'identity.continue.submit' : 'identity.consent.allow')),
        )}
        ${visit.formTo(`${path}/cancel`, button(visit.text('identity.consent.deny'), undefined, 'quiet'))}`,
    });
  }
}
/**
 * What is new. An app of somebody else is never let go on with nothing said; and that it goes on while nobody is there is
 * said whether its scopes name it (`offline_access`) or not, as it gets refresh tokens in any case.
 */
function scopesToSay({ client, scopes, missingScopes }: Interaction): readonly string[] {
  const isNamed = (scope: string) => scope !== 'openid' && scope !== 'offline_access';
  if (client.isFirstParty || !client.mayRefresh) return missingScopes.filter((scope) => scope !== 'openid');
  const named = [missingScopes, scopes].map((some) => some.filter(isNamed)).find((some) => some.length > 0);
  return [...(named ?? ['openid']), 'offline_access'];
}
/** `scope.notifications` where the domain says it in words; else the name of its resource. */
function wordsFor(visit: Visit, scope: string): string {
  const [what, how] = scope.split(':');
  if (how === undefined)
    return allMessages().has(`identity.scope.${scope}`) ? visit.text(`identity.scope.${scope}`) : scope;
  const named = `scope.${what}`;
  const words = allMessages().has(named) ? visit.text(named) : what.replaceAll('-', ' ');
  return visit.text(how === 'write' ? 'identity.scope.write' : 'identity.scope.read', { what: words });
}
const links = (visit: Visit, { client: { policyUri, termsUri } }: Interaction) =>
  (policyUri !== undefined || termsUri !== undefined) &&
  html`<ul class="links">
    ${policyUri !== undefined && html`<li><a href="${policyUri}">${visit.text('identity.consent.policy')}</a></li>`}
    ${termsUri !== undefined && html`<li><a href="${termsUri}">${visit.text('identity.consent.terms')}</a></li>`}
  </ul>`;
