import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Injectable, Logger } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Config } from '#libs/config/config.js';
import { AppError } from '#libs/errors/app-error.js';
import { commonErrors } from '#libs/errors/common-errors.js';
import { headersOf, publicText } from '#libs/errors/error-body.js';
import { toAppError } from '#libs/errors/foreign-errors.js';
import { AssetFolder, hashOf } from '#libs/http/asset-folder.js';
import { contentSecurityPolicy, pagePolicy } from '#libs/http/edge/security-headers.js';
import { patternOf } from '#libs/http/edge/route-methods.js';
import { varyBy } from '#libs/http/edge/vary.js';
import { html } from '#libs/http/html.js';
import { defineMessages, locales, type Locale } from '#libs/messages/messages.js';
import { Cookies } from './cookies.js';
import { acceptFormBodies, FormBody } from './form-body.js';
import { documentOf } from './layout.js';
import { pageTexts } from './locales/texts.js';
import { redirectSource } from './redirect-source.js';
import { SignedValues } from './signed-values.js';
import { Visit, type View, type VisitTools } from './visit.js';

defineMessages('pages', pageTexts);

/** A form that was not made by us for this browser, or too long ago. */
class FormOutdated extends AppError {
  constructor(privateDetail: string) {
    super(commonErrors.FORBIDDEN, { privateDetail });
  }
}

type Handler<T> = (visit: Visit, opened: T) => FastifyReply | Promise<FastifyReply>;
/**
 * What has to be there for a page: a sign-in under way, a session. Undefined when it has answered itself. `boundTo` is
 * what tokens of forms are good for beside their path and browser.
 */
export type Gate<T> = (visit: Visit) => Promise<{ opened: T; boundTo?: string } | undefined>;
interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly run: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;
}
export interface PageRoutes<T> {
  get(path: string, handler: Handler<T>): void;
  post(path: string, handler: Handler<T>): void;
}

/** Names a browser as long as it runs. Of host and path `/`, so that over https no other host can plant one. */
export const BROWSER_COOKIE = 'browser';
const assetsPath = '/assets';
const languageCookie = 'lang';
const year = 31_536_000;

/** Server-rendered pages: routes, layout, forms that only we can have made, errors in the same look. */
@Injectable()
export class Pages {
  private readonly logger = new Logger('Pages');
  private readonly routes: Route[] = [];
  private readonly folders = new Map<string, AssetFolder>();
  private readonly own: AssetFolder;
  private readonly secure: boolean;
  /** What people know the service as. */
  service = 'Tandem';

  constructor(
    private readonly config: Config,
    private readonly signed: SignedValues,
  ) {
    this.secure = config.http.publicUrl.startsWith('https:');
    this.own = this.assets('pages', fileURLToPath(new URL('assets', import.meta.url)));
  }
  /** Serves the files of a folder, each at an address that changes with their content. */
  assets(name: string, folder: string, only = /./, version = hashOf(folder)): AssetFolder {
    const assets = new AssetFolder(`${assetsPath}/${name}-${version}`, folder, only);
    this.folders.set(`${name}-${version}`, assets);
    return assets;
  }
  /** Pages for everybody. */
  get open(): PageRoutes<undefined> {
    return this.behind(() => Promise.resolve({ opened: undefined }));
  }
  /** Pages that need what `gate` opens. */
  behind<T>(gate: Gate<T>): PageRoutes<T> {
    const add = (method: 'GET' | 'POST') => (path: string, handler: Handler<T>) => {
      this.routes.push({ method, path, run: (request, reply) => this.run(request, reply, gate, handler) });
    };
    return { get: add('GET'), post: add('POST') };
  }
  /** Every form that there is, for the test that sends each of them without its token. */
  get forms(): readonly string[] {
    return this.routes.filter(({ method }) => method === 'POST').map(({ path }) => path);
  }
  install(fastify: FastifyInstance): void {
    fastify.edge.showNothingThere = (error, request, reply) => this.showNothingThere(error, request, reply);
    void fastify.register((scope, _options, done) => {
      acceptFormBodies(scope);
      scope.setErrorHandler((error, request, reply) => this.showError(error, request, reply));
      for (const { method, path, run } of this.routes) scope.route({ method, url: path, handler: run });
      done();
    });
    fastify.get<{ Params: { folder: string; file: string } }>(
      `${assetsPath}/:folder/:file`,
      { config: { unlimited: true } },
      (request, reply) => {
        const found = this.folders.get(request.params.folder)?.file(request.params.file);
        if (!found) throw new AppError(commonErrors.NOT_FOUND);
        reply.header('cache-control', `public, max-age=${year}, immutable`);
        return reply.type(found.type).send(createReadStream(found.path));
      },
    );
  }
  /** A browser that asks below one of our pages gets a page, or is led to the address without the slash at its end. */
  private showNothingThere(error: AppError, request: FastifyRequest, reply: FastifyReply): boolean {
    const { method, headers, raw } = request;
    const [path, ...query] = raw.url!.split('?');
    const isOurs = this.routes.some((route) => topOf(route.path) === topOf(path));
    if ((method !== 'GET' && method !== 'HEAD') || !isOurs || !prefersHtml(headers.accept)) return false;
    varyBy(reply, 'Accept');
    const page = path.replace(/\/$/, '');
    if (page !== path && this.routes.some((route) => route.method === 'GET' && patternOf(route.path).test(page)))
      reply.redirect([page, ...query].join('?'), 303);
    else this.showError(error, request, reply);
    return true;
  }
  /** An error as a page in the language of the request. */
  showError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const appError = toAppError(error);
    if (appError.status >= 500 && appError.status !== 503)
      this.logger.error({ err: appError.cause ?? appError, reason: appError.privateDetail });
    const visit = this.visit(request, reply, undefined);
    const { retryAfterSeconds: seconds } = appError;
    const text =
      appError instanceof FormOutdated
        ? visit.text('pages.form-outdated')
        : publicText(appError.code, visit.locale, appError.params);
    const body = html`<div class="card">
      <p role="alert">${text}</p>
      ${seconds !== undefined && html`<p>${visit.text('pages.error-retry', { seconds: Math.max(1, Math.ceil(seconds)) })}</p>`}
      ${request.method === 'POST' && html`<p><a href="${visit.path}">${visit.text('pages.error-again')}</a></p>`}
    </div>`;
    const headers = headersOf(appError);
    // No browser could answer a challenge for a bearer token.
    delete headers['www-authenticate'];
    reply.headers(headers);
    return this.showProblem(visit, appError.status, body);
  }
  /** The same look for what others found wrong: a title of ours, their text. */
  renderError(request: FastifyRequest, reply: FastifyReply, status: number, text: string): FastifyReply {
    const visit = this.visit(request, reply, undefined);
    return this.showProblem(visit, status, html`<div class="card"><p role="alert">${text}</p></div>`);
  }
  /** A page that is the answer to a request of somebody else's route. `?lang=` shows it in another language. */
  render(request: FastifyRequest, reply: FastifyReply, view: (visit: Visit) => View): FastifyReply {
    const visit = this.visit(request, reply, undefined);
    if (request.method === 'GET') this.takeLanguage(visit);
    return visit.show(view(visit));
  }
  private showProblem(visit: Visit, status: number, body: View['body']): FastifyReply {
    const { correlationId } = visit.request.requestContext;
    return visit.show({
      title: visit.text('pages.error-title'),
      status,
      body: html`${body}
        <p class="reference" dir="auto">${visit.text('pages.correlation', { id: correlationId })}</p>`,
    });
  }

  private async run<T>(
    request: FastifyRequest,
    reply: FastifyReply,
    gate: Gate<T>,
    handler: Handler<T>,
  ): Promise<FastifyReply> {
    let boundTo = '';
    const visit = this.visit(request, reply, () => boundTo);
    if (request.method === 'GET' && this.takeLanguage(visit)) return visit.redirect(withoutLanguage(request.raw.url!));
    if (request.method === 'POST') this.requireOurOrigin(request);
    const through = await gate(visit);
    if (!through) return reply;
    boundTo = through.boundTo ?? '';
    if (request.method === 'POST') this.requireToken(visit, boundTo);
    return handler(visit, through.opened);
  }
  /** Remembers the language that a link of a page has asked for; false when none has. */
  private takeLanguage(visit: Visit): boolean {
    const asked = localeOf(visit.query('lang'));
    if (!asked) return false;
    visit.cookies.set(languageCookie, asked, { seconds: year });
    visit.choose(asked);
    return true;
  }
  private visit(request: FastifyRequest, reply: FastifyReply, boundTo: (() => string) | undefined): Visit {
    const cookies = new Cookies(request, reply, this.secure);
    const tools: VisitTools = {
      cookies,
      token: (action) => this.signed.token('form', tokenText(this.browser(cookies), action, boundTo?.() ?? '')),
      document: (visit, view) => this.document(visit, view),
    };
    const form = request.body instanceof FormBody ? request.body : new FormBody();
    return new Visit(request, reply, form, tools, localeOf(cookies.get(languageCookie)));
  }
  /** Names this browser, as long as it runs, for its forms. */
  private browser(cookies: Cookies): string {
    const known = this.knownBrowser(cookies);
    if (known) return known;
    const made = randomBytes(16).toString('base64url');
    cookies.set(BROWSER_COOKIE, made);
    return made;
  }
  private knownBrowser(cookies: Cookies): string | undefined {
    const known = cookies.get(BROWSER_COOKIE);
    return known && /^[A-Za-z0-9_-]{22}$/.test(known) ? known : undefined;
  }
  private isShownAt(url: string | undefined): boolean {
    return this.routes.some(({ method, path }) => method === 'GET' && path === url);
  }
  private requireOurOrigin({ headers }: FastifyRequest): void {
    const { origin } = headers;
    const ours = origin === undefined || origin === this.config.http.publicUrl;
    if (!ours || headers['sec-fetch-site'] === 'cross-site') throw new FormOutdated('sent from another origin');
  }
  private requireToken(visit: Visit, boundTo: string): void {
    const browser = this.knownBrowser(visit.cookies);
    const text = tokenText(browser ?? '', visit.path, boundTo);
    if (!browser || !this.signed.isToken('form', text, visit.form.get('_token')))
      throw new FormOutdated('no token of this form and browser');
  }
  private document(visit: Visit, { title, body, scripts = [], wide, goesOnTo }: View): string {
    const { reply, request } = visit;
    const leadsTo = redirectSource(visit.formsLeadTo);
    const policy = pagePolicy({ 'form-action': leadsTo ? ["'self'", leadsTo] : ["'self'"] });
    reply.headers({
      'content-security-policy': contentSecurityPolicy(policy),
      // With `no-referrer` browsers send the origin of a form as `null` (Fetch, append a request Origin header).
      'referrer-policy': 'same-origin',
      'cache-control': 'no-store',
    });
    return documentOf({
      locale: visit.locale,
      service: this.service,
      title,
      body,
      wide,
      goesOnTo,
      answersForm: request.method === 'POST' && this.isShownAt(request.routeOptions.url),
      icon: `${this.own.url}/icon.svg`,
      styles: [`${this.own.url}/pages.css`],
      scripts: [`${this.own.url}/forms.js`, ...scripts],
      // The answer to a form of somebody else's cannot be asked for again.
      ...(isAskedFor(request) && { inLanguage: (locale: Locale) => inLanguage(request.raw.url!, locale) }),
    });
  }
}

const isAskedFor = ({ method, body }: FastifyRequest): boolean => method === 'GET' || body instanceof FormBody;
/** The first part of a path; what is well known (RFC 8615) is for programs. */
const topOf = (path: string): string | undefined => /^\/([^/.]+)/.exec(path)?.[1];
/** What browsers send when somebody opens an address: HTML by name, and before JSON. */
const prefersHtml = (accept = ''): boolean => /^[^,]*\btext\/html\b/.test(accept);
const tokenText = (browser: string, path: string, boundTo: string) => `${browser}\n${path}\n${boundTo}`;
const localeOf = (text: string | undefined): Locale | undefined => locales.find((locale) => locale === text);

/** The address relative to itself, so that it cannot become that of another host. */
function inLanguage(url: string, locale: Locale): string {
  const query = new URLSearchParams(url.split('?').slice(1).join('?'));
  query.set('lang', locale);
  return `?${query.toString()}`;
}
function withoutLanguage(url: string): string {
  const [path, ...rest] = url.split('?');
  const query = new URLSearchParams(rest.join('?'));
  query.delete('lang');
  const left = query.toString();
  return left ? `${path}?${left}` : path;
}
