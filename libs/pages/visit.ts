import type { FastifyReply, FastifyRequest } from 'fastify';
import { preferLocale } from '#libs/context/request-context.js';
import { html, type Html } from '#libs/http/html.js';
import { message, negotiateLocale, type Locale, type MessageParams } from '#libs/messages/messages.js';
import type { Cookies } from './cookies.js';
import type { FormBody } from './form-body.js';

export interface View {
  readonly title: string;
  readonly body: Html;
  readonly status?: number;
  /** Addresses of scripts beside those that every page has. */
  readonly scripts?: readonly string[];
  readonly wide?: boolean;
  /**
   * An address elsewhere to which the browser goes on by itself. Unlike a redirect it is not held against `form-action`, so
   * that nobody has to know where it leads from there.
   */
  readonly goesOnTo?: string;
}

export interface FormAttributes {
  readonly id?: string;
  readonly hidden?: boolean;
  /** For scripts: which answer of the browser belongs into it, and which form asks for that. */
  readonly passkey?: string;
  readonly options?: string;
}
/** What `Pages` does for a visit. */
export interface VisitTools {
  readonly cookies: Cookies;
  token(action: string): string;
  document(visit: Visit, view: View): string;
}

/** One request for a page and the answer to it. */
export class Visit {
  /** An address of ours or of a client to which a form of this page leads in the end (CSP `form-action`). */
  formsLeadTo?: string;

  constructor(
    readonly request: FastifyRequest,
    readonly reply: FastifyReply,
    readonly form: FormBody,
    private readonly tools: VisitTools,
    private chosen: Locale | undefined,
  ) {
    if (chosen) request.requestContext.locale = chosen;
  }
  /** Whoever reads it wants this language, whatever browser and client say. */
  choose(locale: Locale): void {
    this.chosen = locale;
    this.request.requestContext.locale = locale;
  }
  get locale(): Locale {
    return this.request.requestContext.locale;
  }
  get cookies(): Cookies {
    return this.tools.cookies;
  }
  /** As sent, without the query. */
  get path(): string {
    return this.request.raw.url!.split('?', 1)[0];
  }
  param(name: string): string {
    return (this.request.params as Record<string, string>)[name] ?? '';
  }
  query(name: string): string {
    const value = (this.request.query as Record<string, string | string[] | undefined>)[name];
    return typeof value === 'string' ? value : '';
  }
  /** The languages that a client asks for (`ui_locales`, BCP 47, best first) go before those of the browser. */
  preferLocales(uiLocales: string | undefined): void {
    if (this.chosen || !uiLocales) return;
    this.request.requestContext.locale = negotiateLocale(uiLocales.trim().split(/\s+/).join(','), this.locale);
  }
  /** Where nobody asks for a language of ours, the account's own counts. */
  fallBackTo(language: string): void {
    if (!this.chosen) preferLocale(this.request.requestContext, negotiateLocale(language));
  }
  text(key: string, params?: MessageParams): string {
    return message(key, this.locale, params);
  }
  show(view: View): FastifyReply {
    return this.reply
      .code(view.status ?? 200)
      .header('content-language', this.locale)
      .type('text/html; charset=utf-8')
      .send(this.tools.document(this, view));
  }
  /** After a form: the browser asks for this path next, and reloading or Back send nothing again. */
  redirect(path: string): FastifyReply {
    return this.reply.redirect(path, 303);
  }
  /** For a script of ours. */
  data(value: object): FastifyReply {
    return this.reply
      .header('cache-control', 'no-store')
      .type('application/json; charset=utf-8')
      .send(JSON.stringify(value));
  }
  /** A form of ours: it carries its token. `action` is a path of ours. */
  formTo(action: string, body: Html, about: FormAttributes = {}): Html {
    const { id, hidden, passkey, options } = about;
    return html`<form
      method="post"
      action="${action}"
      ${id !== undefined && html`id="${id}"`}
      ${hidden === true && html`hidden`}
      ${passkey !== undefined && html`data-passkey="${passkey}"`}
      ${options !== undefined && html`data-options="${options}"`}
    >
      <input type="hidden" name="_token" value="${this.tools.token(action.split('?', 1)[0])}" />
      ${body}
    </form>`;
  }
}
