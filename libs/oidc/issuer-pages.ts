import { Injectable } from '@nestjs/common';
import type { KoaContextWithOIDC, ErrorOut } from 'oidc-provider';
import { html } from '#libs/http/html.js';
import { defineMessages } from '#libs/messages/messages.js';
import { Pages } from '#libs/pages/pages.js';
import { answerWith, requestOf } from './answer.js';
import { issuerTexts } from './locales/texts.js';
import { paths } from './paths.js';

defineMessages('issuer', issuerTexts);

/** What the library would show by itself, in our look and languages. */
@Injectable()
export class IssuerPages {
  constructor(private readonly pages: Pages) {}

  /** What went wrong where it cannot be told to the client, because nobody knows whether it is the client. */
  readonly renderError = (ctx: KoaContextWithOIDC, out: ErrorOut): void => {
    const { status } = ctx;
    const { correlationId } = requestOf(ctx).requestContext;
    answerWith(ctx, (request, reply) =>
      this.pages.render(request, reply, (visit) => ({
        title: visit.text('pages.error-title'),
        status,
        body: html`<div class="card">
            <p role="alert">${visit.text(textsOfErrors[out.error] ?? 'issuer.error-request')}</p>
            <p dir="ltr"><code>${out.error}</code> ${out.error_description}</p>
          </div>
          <p class="reference" dir="auto">${visit.text('pages.correlation', { id: correlationId })}</p>`,
      })),
    );
  };
  readonly logoutSource = async (ctx: KoaContextWithOIDC): Promise<void> => {
    const { session, params, client } = ctx.oidc;
    const secret = (session!.state as { secret: string }).secret;
    const back = params?.post_logout_redirect_uri;
    answerWith(ctx, (request, reply) =>
      this.pages.render(request, reply, (visit) => {
        if (typeof back === 'string') visit.formsLeadTo = back;
        return {
          title: visit.text('issuer.sign-out-title'),
          body: html`<form class="card" method="post" action="${paths.endSession}/confirm">
            <p>
              ${visit.text(client ? 'issuer.sign-out-of' : 'issuer.sign-out', { client: client?.clientName ?? '' })}
            </p>
            <input type="hidden" name="xsrf" value="${secret}" />
            <button type="submit" name="logout" value="yes">${visit.text('issuer.sign-out-button')}</button>
          </form>`,
        };
      }),
    );
  };
  readonly postLogoutSuccessSource = async (ctx: KoaContextWithOIDC): Promise<void> => {
    answerWith(ctx, (request, reply) =>
      this.pages.render(request, reply, (visit) => ({
        title: visit.text('issuer.signed-out-title'),
        body: html`<div class="card"><p>${visit.text('issuer.signed-out')}</p></div>`,
      })),
    );
  };
}
const textsOfErrors: Readonly<Record<string, string>> = {
  session_not_found: 'issuer.error-expired',
  invalid_client: 'issuer.error-client',
  invalid_redirect_uri: 'issuer.error-client',
  server_error: 'issuer.error',
};
