import { Injectable } from '@nestjs/common';
import type { KoaContextWithOIDC, ErrorOut } from 'oidc-provider';
import { html, type Html } from '#libs/http/html.js';
import { defineMessages } from '#libs/messages/messages.js';
import { Pages } from '#libs/pages/pages.js';
import type { View, Visit } from '#libs/pages/visit.js';
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
    this.answer(ctx, (visit) => ({
      title: visit.text('pages.error-title'),
      status,
      body: html`<div class="card">
          <p role="alert">${visit.text(textsOfErrors[out.error] ?? 'issuer.error-request')}</p>
          <p dir="ltr"><code>${out.error}</code> ${out.error_description}</p>
        </div>
        <p class="reference" dir="auto">${visit.text('pages.correlation', { id: correlationId })}</p>`,
    }));
  };
  readonly logoutSource = async (ctx: KoaContextWithOIDC): Promise<void> => {
    const { params, client } = ctx.oidc;
    const text = client ? 'issuer.sign-out-of' : 'issuer.sign-out';
    this.answer(ctx, (visit) => ({
      title: visit.text('issuer.sign-out-title'),
      body: confirmation(ctx, visit, params?.post_logout_redirect_uri, {
        text: visit.text(text, { client: client?.clientName ?? '' }),
        button: visit.text('issuer.sign-out-button'),
      }),
    }));
  };
  readonly postLogoutSuccessSource = async (ctx: KoaContextWithOIDC): Promise<void> => {
    this.answer(ctx, (visit) => ({
      title: visit.text('issuer.signed-out-title'),
      body: html`<div class="card"><p>${visit.text('issuer.signed-out')}</p></div>`,
    }));
  };
  /**
   * In place of the page by which the library signs out whom nobody asks: nobody is signed in who could be, or somebody has
   * just shown to be another one. It sends its form by itself where scripts run.
   */
  withoutAsking(ctx: KoaContextWithOIDC): void {
    const { route, params, entities } = ctx.oidc;
    const isOther = route === 'resume';
    const leadsTo = isOther ? entities.Interaction?.params.redirect_uri : params?.post_logout_redirect_uri;
    const text = isOther ? 'issuer.other-account' : 'issuer.signed-out';
    this.answer(ctx, (visit) => ({
      title: visit.text(`${text}-title`),
      body: confirmation(ctx, visit, leadsTo, {
        text: visit.text(text),
        button: visit.text('issuer.go-on'),
        sendsItself: true,
      }),
    }));
  }
  private answer(ctx: KoaContextWithOIDC, view: (visit: Visit) => View): void {
    answerWith(ctx, (request, reply) =>
      this.pages.render(request, reply, (visit) => {
        // What was wrong may have been found before there was any.
        const { params, entities } = (ctx as Partial<KoaContextWithOIDC>).oidc ?? {};
        const asked = params?.ui_locales ?? entities?.Interaction?.params.ui_locales;
        visit.preferLocales(typeof asked === 'string' ? asked : undefined);
        return view(visit);
      }),
    );
  }
}
interface Confirmation {
  readonly text: string;
  readonly button: string;
  readonly sendsItself?: boolean;
}
/** The form by which the browser is signed out; `leadsTo` is where it ends up. */
function confirmation({ oidc }: KoaContextWithOIDC, visit: Visit, leadsTo: unknown, about: Confirmation): Html {
  const { secret } = oidc.session!.state as { secret: string };
  const { text, button, sendsItself } = about;
  if (typeof leadsTo === 'string') visit.formsLeadTo = leadsTo;
  return html`<form
    class="card"
    method="post"
    action="${paths.endSession}/confirm"
    ${sendsItself === true && html`data-sends-itself`}
  >
    <p>${text}</p>
    <input type="hidden" name="xsrf" value="${secret}" />
    <input type="hidden" name="logout" value="yes" />
    <button type="submit">${button}</button>
  </form>`;
}
const textsOfErrors: Readonly<Record<string, string>> = {
  session_not_found: 'issuer.error-expired',
  invalid_client: 'issuer.error-client',
  invalid_redirect_uri: 'issuer.error-client',
  server_error: 'issuer.error',
};
