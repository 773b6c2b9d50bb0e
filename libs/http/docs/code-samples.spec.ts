import { execFileSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { withCodeSamples } from './code-samples.js';
import type { OpenApiDocument, Operation, Parameter, Schema } from './openapi-document.js';

/** Everything that means something in one of the languages. */
const awkward = {
  note: 'It’s "25 $off" for $HOME, `id` and ${x} \\(y) \\n, isn\'t it?',
  price: { amount: 4990, currency: 'EUR' },
  lines: [{ quantity: 2 }, { quantity: 3, gift: true, wish: null }],
  tags: [],
};
const parameter = (name: string, place: Parameter['in'], schema: Schema, required = false): Parameter => ({
  name,
  in: place,
  schema,
  required,
});
const text = (...examples: string[]): Schema => ({ type: 'string', examples });
const operation = (operationId: string, more: Partial<Operation>): Operation => ({
  operationId,
  security: [{ bearer: [] }],
  responses: { 200: { content: { 'application/json': { schema: {} } } } },
  ...more,
});
const id = parameter('id', 'path', text("it's/1"), true);
const ifMatch = parameter('If-Match', 'header', text('"3.abc"'));
const document: OpenApiDocument = {
  openapi: '3.1.0',
  info: { title: 'Toys', version: '1' },
  servers: [{ url: '/' }],
  tags: [],
  paths: {
    '/v1/toys': {
      parameters: [{ $ref: '#/components/parameters/AcceptLanguage' }],
      get: operation('listToys', {
        security: [{}, { bearer: [] }],
        parameters: [
          parameter('If-None-Match', 'header', text('"3.abc"')),
          parameter('name[contains]', 'query', text('bear')),
          parameter('status', 'query', text('NEW,SOLD')),
          parameter('status[in]', 'query', text('NEW,SOLD')),
          parameter('shop', 'query', text('north & south'), true),
          parameter('sort', 'query', text('-name')),
          parameter('limit', 'query', { type: 'integer', default: 20 }),
          parameter('count', 'query', { type: 'boolean', default: false }),
        ],
      }),
      post: operation('createToy', {
        requestBody: { content: { 'application/json': { schema: {}, example: awkward } } },
      }),
    },
    '/v1/toys/{id}': {
      delete: operation('deleteToy', { parameters: [id, ifMatch], responses: { 204: {} } }),
    },
    '/v1/toys/{id}/mend': { post: operation('mendToy', { parameters: [id] }) },
  },
  components: {
    schemas: {},
    responses: {},
    headers: {},
    securitySchemes: {},
    parameters: { AcceptLanguage: parameter('Accept-Language', 'header', text('de-AT, en;q=0.8')) },
  },
};

let complete: OpenApiDocument;
beforeAll(async () => {
  complete = await withCodeSamples(document, 'https://api.example.com');
});
function sample(path: string, method: 'get' | 'post' | 'delete', label: string): string {
  return complete.paths[path][method]!['x-codeSamples']!.find((s) => s.label === label)!.source;
}

it('every operation has four samples, and nothing else has changed', () => {
  const labels = Object.values(complete.paths).flatMap((item) =>
    [item.get, item.post, item.delete].flatMap((o) => (o ? [o['x-codeSamples']!.map((s) => s.label).join()] : [])),
  );
  expect(labels).toEqual(Array.from({ length: 4 }, () => 'curl,JavaScript,Swift,Kotlin'));
  expect(document.paths['/v1/toys'].get).not.toHaveProperty('x-codeSamples');
  expect(complete.info).toEqual(document.info);
});

describe('curl', () => {
  /** What curl is given: its arguments, and the text on its standard input. */
  const given = (source: string): { args: string[]; stdin: string } => {
    const script = `curl() { printf '%s\\0' "$@"; printf '\\1'; [ "\${!#}" = @- ] && cat; true; }\n${source}\n`;
    const [args, stdin] = execFileSync('bash', ['-c', script], { encoding: 'utf8' }).split('\u0001');
    return { args: args.split('\0').slice(0, -1), stdin };
  };
  it('asks for a list, with what is usual', () => {
    expect(sample('/v1/toys', 'get', 'curl')).toMatchInlineSnapshot(`
      "curl --request GET \\
        --url 'https://api.example.com/v1/toys?status=NEW%2CSOLD&shop=north%20%26%20south&sort=-name&limit=20' \\
        --header 'Accept-Language: de-AT, en;q=0.8'"
    `);
  });
  it('carries a body unharmed through the shell', () => {
    const { args, stdin } = given(sample('/v1/toys', 'post', 'curl'));
    expect(JSON.parse(stdin || args.at(-1)!)).toEqual(awkward);
    expect(args).toContain('Content-Type: application/json');
  });
  it('sends preconditions and no body where none belongs', () => {
    expect(given(sample('/v1/toys/{id}', 'delete', 'curl'))).toEqual({
      args: [
        '--request',
        'DELETE',
        '--url',
        'https://api.example.com/v1/toys/it%27s%2F1',
        '--header',
        'Authorization: Bearer <access token>',
        '--header',
        'If-Match: "3.abc"',
      ],
      stdin: '',
    });
  });
});

describe('JavaScript', () => {
  interface Sent {
    url: string;
    method: string;
    headers: Record<string, string>;
    body?: string;
  }
  const sent = async (source: string, answer: Response): Promise<Sent & { logged: unknown[] }> => {
    let request: Partial<Sent> = {};
    const logged: unknown[] = [];
    const fetch = (url: string, options: Omit<Sent, 'url'>) => {
      request = { url, ...options };
      return Promise.resolve(answer);
    };
    const log = (value: unknown) => logged.push(value);
    // oxlint-disable-next-line typescript/no-implied-eval, typescript/no-unsafe-call -- the sample is what is tested
    await new Function('fetch', 'console', source.replace(/^fetch\(/m, 'return fetch('))(fetch, { log, error: log });
    return { ...(request as Sent), logged };
  };
  it('carries a body unharmed', async () => {
    const { body, ...rest } = await sent(sample('/v1/toys', 'post', 'JavaScript'), Response.json({ ok: true }));
    expect(JSON.parse(body!)).toEqual(awkward);
    expect(rest).toMatchObject({ method: 'POST', url: 'https://api.example.com/v1/toys', logged: [{ ok: true }] });
  });
  it('does not read JSON from an answer without a body', async () => {
    const source = sample('/v1/toys/{id}', 'delete', 'JavaScript');
    expect(await sent(source, new Response(null, { status: 204 }))).toMatchObject({ method: 'DELETE', logged: [204] });
  });
});

describe('Swift', () => {
  it('asks for a list, with what is usual', () => {
    expect(sample('/v1/toys', 'get', 'Swift')).toMatchInlineSnapshot(`
      "import Foundation

      let url = URL(string: "https://api.example.com/v1/toys")!
      var components = URLComponents(url: url, resolvingAgainstBaseURL: true)!
      let queryItems: [URLQueryItem] = [
        URLQueryItem(name: "status", value: "NEW,SOLD"),
        URLQueryItem(name: "shop", value: "north & south"),
        URLQueryItem(name: "sort", value: "-name"),
        URLQueryItem(name: "limit", value: "20"),
      ]
      components.queryItems = components.queryItems.map { $0 + queryItems } ?? queryItems

      var request = URLRequest(url: components.url!)
      request.httpMethod = "GET"
      request.timeoutInterval = 10
      request.allHTTPHeaderFields = ["Accept-Language": "de-AT, en;q=0.8"]

      let (data, _) = try await URLSession.shared.data(for: request)
      print(String(decoding: data, as: UTF8.self))"
    `);
  });
  it('carries a body as text of many lines', () => {
    expect(sample('/v1/toys', 'post', 'Swift')).toMatchInlineSnapshot(`
      "import Foundation

      let postData = Data("""
      {
        "note": "It’s \\\\"25 $off\\\\" for $HOME, \`id\` and \${x} \\\\\\\\(y) \\\\\\\\n, isn't it?",
        "price": {
          "amount": 4990,
          "currency": "EUR"
        },
        "lines": [
          {
            "quantity": 2
          },
          {
            "quantity": 3,
            "gift": true,
            "wish": null
          }
        ],
        "tags": []
      }
      """.utf8)

      let url = URL(string: "https://api.example.com/v1/toys")!
      var request = URLRequest(url: url)
      request.httpMethod = "POST"
      request.timeoutInterval = 10
      request.allHTTPHeaderFields = [
        "Authorization": "Bearer <access token>",
        "Accept-Language": "de-AT, en;q=0.8",
        "Content-Type": "application/json"
      ]
      request.httpBody = postData

      let (data, _) = try await URLSession.shared.data(for: request)
      print(String(decoding: data, as: UTF8.self))"
    `);
  });
});

describe('Kotlin', () => {
  it('carries a body as raw text', () => {
    expect(sample('/v1/toys', 'post', 'Kotlin')).toMatchInlineSnapshot(`
      "import okhttp3.MediaType.Companion.toMediaType
      import okhttp3.OkHttpClient
      import okhttp3.Request
      import okhttp3.RequestBody.Companion.toRequestBody

      val body = """
      {
        "note": "It’s \\"25 \${'$'}off\\" for \${'$'}HOME, \`id\` and \${'$'}{x} \\\\(y) \\\\n, isn't it?",
        "price": {
          "amount": 4990,
          "currency": "EUR"
        },
        "lines": [
          {
            "quantity": 2
          },
          {
            "quantity": 3,
            "gift": true,
            "wish": null
          }
        ],
        "tags": []
      }
      """.toRequestBody("application/json".toMediaType())

      val request = Request.Builder()
        .url("https://api.example.com/v1/toys")
        .post(body)
        .header("Authorization", "Bearer <access token>")
        .header("Accept-Language", "de-AT, en;q=0.8")
        .header("Content-Type", "application/json")
        .build()

      OkHttpClient().newCall(request).execute().use { response ->
        println("\${response.code} \${response.body?.string()}")
      }"
    `);
  });
  it('sends an empty body where OkHttp demands one', () => {
    expect(sample('/v1/toys/{id}/mend', 'post', 'Kotlin')).toMatchInlineSnapshot(`
      "import okhttp3.OkHttpClient
      import okhttp3.Request
      import okhttp3.RequestBody.Companion.toRequestBody

      val request = Request.Builder()
        .url("https://api.example.com/v1/toys/it%27s%2F1/mend")
        .post("".toRequestBody())
        .header("Authorization", "Bearer <access token>")
        .build()

      OkHttpClient().newCall(request).execute().use { response ->
        println("\${response.code} \${response.body?.string()}")
      }"
    `);
  });
  it('sends preconditions', () => {
    expect(sample('/v1/toys/{id}', 'delete', 'Kotlin')).toMatchInlineSnapshot(`
      "import okhttp3.OkHttpClient
      import okhttp3.Request

      val request = Request.Builder()
        .url("https://api.example.com/v1/toys/it%27s%2F1")
        .delete()
        .header("Authorization", "Bearer <access token>")
        .header("If-Match", "\\"3.abc\\"")
        .build()

      OkHttpClient().newCall(request).execute().use { response ->
        println("\${response.code} \${response.body?.string()}")
      }"
    `);
  });
});
