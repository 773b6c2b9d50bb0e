import type { Sniffer } from './sniffer.js';

export interface Answer<T = any> {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: T;
}
export interface GraphqlAnswer<T = any> extends Answer {
  readonly data: T;
  /** Code of the first error. */
  readonly code: string | undefined;
  readonly errors: {
    message: string;
    path?: (string | number)[];
    extensions: { code: string; details: { field: string; code: string }[] };
  }[];
}
export interface RequestOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Talks to a running service as one caller; every answer passes the sniffer. */
export class TestClient {
  constructor(
    private readonly url: string,
    /** Name of the caller in the tests: `ada`, `anonymous`. */
    readonly name: string,
    private readonly token: string | undefined,
    private readonly sniffer: Sniffer,
  ) {}

  async rest<T = any>(method: string, path: string, options: RequestOptions = {}): Promise<Answer<T>> {
    const body = options.body === undefined ? undefined : JSON.stringify(options.body);
    const response = await fetch(this.url + path, {
      method,
      headers: this.headers(path, body !== undefined, options.headers),
      body,
      redirect: 'manual',
    });
    const text = await response.text();
    this.sniffer.sniff(this.name, `${method} ${path}`, text);
    this.sniffer.sniff(this.name, `headers of ${method} ${path}`, JSON.stringify([...response.headers]));
    return { status: response.status, headers: response.headers, text, body: parse(text) as T };
  }
  get<T = any>(path: string, headers?: Record<string, string>): Promise<Answer<T>> {
    return this.rest<T>('GET', path, { headers });
  }
  post<T = any>(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<T>> {
    return this.rest<T>('POST', path, { body, headers });
  }
  patch<T = any>(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<T>> {
    return this.rest<T>('PATCH', path, { body, headers });
  }
  put<T = any>(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer<T>> {
    return this.rest<T>('PUT', path, { body, headers });
  }
  delete<T = any>(path: string, headers?: Record<string, string>): Promise<Answer<T>> {
    return this.rest<T>('DELETE', path, { headers });
  }
  async graphql<T = any>(
    query: string,
    variables?: Record<string, unknown>,
    headers?: Record<string, string>,
  ): Promise<GraphqlAnswer<T>> {
    const answer = await this.rest('POST', '/graphql', { body: { query, variables }, headers });
    const body = answer.body as { data?: T; errors?: GraphqlAnswer['errors'] } | undefined;
    return { ...answer, data: body?.data as T, errors: body?.errors ?? [], code: body?.errors?.[0]?.extensions?.code };
  }
  private headers(path: string, hasBody: boolean, more: Readonly<Record<string, string>> = {}): Record<string, string> {
    return {
      // As clients of today do; without it GraphQL says 200 to documents that it refuses.
      ...(/^\/graphql(\?|$)/.test(path) && { accept: 'application/graphql-response+json, application/json;q=0.9' }),
      ...(hasBody && { 'content-type': 'application/json' }),
      ...(this.token && { authorization: `Bearer ${this.token}` }),
      ...more,
    };
  }
}
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
