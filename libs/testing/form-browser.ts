import { CookieJar } from 'tough-cookie';

export interface ShownPage {
  /** Path and query. */
  readonly path: string;
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
  /** Without tags, in one line. */
  readonly text: string;
  readonly title: string;
}
export interface ShownForm {
  readonly action: string;
  readonly fields: Record<string, string>;
}

/**
 * A browser without scripts: follows redirects within the service, keeps cookies, sends forms with what is in them.
 * `publicUrl` is what the service calls itself, `url` where it listens, or says so for each request.
 */
export class FormBrowser {
  readonly jar = new CookieJar(undefined, { rejectPublicSuffixes: false });
  /** Where a redirect leads that is not the service. */
  left?: URL;

  constructor(
    private readonly url: string | (() => string),
    private readonly publicUrl: string,
    private readonly headers: Readonly<Record<string, string>> = {},
  ) {}

  get(address: string, headers: Readonly<Record<string, string>> = {}): Promise<ShownPage> {
    return this.request('GET', address, undefined, headers);
  }
  /** Sends the form of the page whose path ends with `action`, with these fields filled in. */
  submit(page: ShownPage, fields: Readonly<Record<string, string>> = {}, action = ''): Promise<ShownPage> {
    const form = this.formOf(page, action);
    return this.post(form.action, { ...form.fields, ...fields });
  }
  post(
    action: string,
    fields: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<ShownPage> {
    return this.request('POST', action, new URLSearchParams(fields).toString(), { origin: this.publicUrl, ...headers });
  }
  formOf(page: ShownPage, action = ''): ShownForm {
    for (const [, attributes, content] of page.html.matchAll(/<form([^>]*)>([\s\S]*?)<\/form>/g)) {
      const target = attribute(attributes, 'action') ?? page.path;
      if (!target.split('?', 1)[0].endsWith(action)) continue;
      const inputs = [...content.matchAll(/<input([^>]*)>/g)].map(([, input]) => input);
      const fields = inputs.flatMap((input) => {
        const name = attribute(input, 'name');
        return name === undefined ? [] : [[name, attribute(input, 'value') ?? '']];
      });
      return { action: target, fields: Object.fromEntries(fields) as Record<string, string> };
    }
    throw new Error(`no form to ${action || 'anywhere'} on ${page.path} (${page.status}): ${page.text.slice(0, 200)}`);
  }
  private async request(
    method: string,
    address: string,
    body: string | undefined,
    headers: Readonly<Record<string, string>>,
  ): Promise<ShownPage> {
    const at = new URL(address, this.publicUrl);
    for (let redirects = 0; ; redirects++) {
      const listening = typeof this.url === 'string' ? this.url : this.url();
      const answer = await fetch(listening + at.pathname + at.search, {
        method,
        body,
        redirect: 'manual',
        headers: {
          ...this.headers,
          ...(body !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
          cookie: await this.jar.getCookieString(at.href),
          ...headers,
        },
      });
      for (const cookie of answer.headers.getSetCookie()) await this.jar.setCookie(cookie, at.href);
      const location = answer.headers.get('location');
      if (location === null) return shown(at, answer);
      const next = new URL(location, at);
      if (next.origin !== new URL(this.publicUrl).origin || redirects > 8) {
        this.left = next;
        return shown(at, answer);
      }
      at.href = next.href;
      method = 'GET';
      body = undefined;
    }
  }
}
async function shown(at: URL, answer: Response): Promise<ShownPage> {
  const html = await answer.text();
  const text = unescaped(html.replace(/<head>[\s\S]*<\/head>/, '').replace(/<[^>]*>/g, ' '))
    .replace(/\s+/g, ' ')
    .trim();
  const title = unescaped(/<title>([^<]*)<\/title>/.exec(html)?.[1] ?? '');
  return { path: at.pathname + at.search, status: answer.status, headers: answer.headers, html, text, title };
}
const attribute = (tag: string, name: string): string | undefined => {
  const found = new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1];
  return found === undefined ? undefined : unescaped(found);
};
const unescaped = (text: string): string =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
