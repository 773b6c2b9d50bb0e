import type { Client, HarRequest, HTTPSnippet as Snippet } from '@readme/httpsnippet';
import { exampleRequest, type ExampleRequest } from './example-request.js';
import { operationsOf, type CodeSample, type OpenApiDocument } from './openapi-document.js';

/** The document with `x-codeSamples`, as Swagger UI, Redoc and others show them, at every operation. */
export async function withCodeSamples(document: OpenApiDocument, publicUrl: string): Promise<OpenApiDocument> {
  // Loaded here: no start waits for it.
  const { HTTPSnippet, addTargetClient } = await import('@readme/httpsnippet');
  addTargetClient('kotlin', okHttp);
  const complete = structuredClone(document);
  for (const operation of operationsOf(complete)) {
    const request = exampleRequest(document, operation, publicUrl);
    operation[2]['x-codeSamples'] = languages.map(({ lang, label, write }) => ({
      lang,
      label,
      source: write(request, (body) => new HTTPSnippet(archived(request, body))),
    }));
  }
  return complete;
}

interface Body {
  readonly mimeType: string;
  readonly text: string;
}
interface Language extends Pick<CodeSample, 'lang' | 'label'> {
  readonly write: (request: ExampleRequest, snippet: (body: Body) => Snippet) => string;
}
const json = (value: unknown): Body => ({ mimeType: 'application/json', text: JSON.stringify(value ?? null, null, 2) });
/** The writers of the library, and what its output needs to be right whatever the examples hold. */
const languages: readonly Language[] = [
  {
    lang: 'Shell',
    label: 'curl',
    write: ({ body }, snippet) =>
      // Without quotes the shell would replace `$` and backslashes in the document.
      one(snippet(json(body)).convert('shell', 'curl')).replace('@- <<EOF\n', "@- <<'EOF'\n"),
  },
  {
    lang: 'JavaScript',
    label: 'JavaScript',
    write: ({ body, answersWithBody }, snippet) => {
      const code = one(snippet(json(withBackslashesTwice(body))).convert('javascript', 'fetch'));
      // There is no JSON in an answer without a body.
      return answersWithBody ? code : code.replace('res.json()', 'res.status');
    },
  },
  {
    lang: 'Swift',
    label: 'Swift',
    // The library's dictionaries do not compile when they mix types; text between the quotes that it writes does, and
    // two more quotes make it a literal of many lines.
    write: ({ body }, snippet) => {
      const text = `""\n${json(body).text.replaceAll('\\', '\\\\')}\n""`;
      return one(snippet({ mimeType: 'text/plain', text }).convert('swift', 'urlsession'));
    },
  },
  {
    lang: 'Kotlin',
    label: 'Kotlin',
    write: ({ body }, snippet) => one(snippet(json(body)).convert('kotlin', okHttp.info.key)),
  },
];

/** The request as in an HTTP archive, which the library reads. */
const archived = ({ method, url, query, headers, body }: ExampleRequest, text: Body): HarRequest => ({
  method,
  url,
  httpVersion: 'HTTP/1.1',
  cookies: [],
  headersSize: -1,
  bodySize: -1,
  queryString: query.map(([name, value]) => ({ name, value })),
  headers: headers.map(([name, value]) => ({ name, value })),
  postData: body === undefined ? { mimeType: 'application/json' } : text,
});
function one(snippets: ReturnType<Snippet['convert']>): string {
  const [code] = snippets;
  if (typeof code !== 'string') throw new Error('The snippet library does not know this target.');
  return code;
}
/** The library writes strings of JavaScript without escaping their backslashes. */
function withBackslashesTwice(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('\\', '\\\\');
  if (Array.isArray(value)) return value.map(withBackslashesTwice);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withBackslashesTwice(part)]));
}

const kotlinText = (text: string) => JSON.stringify(text).replaceAll('$', '\\$');
const kotlinBody = ({ text, mimeType }: Body) => [
  'val body = """',
  // Three quotes in a row cannot stand in JSON.
  text.split('$').join("${'$'}"),
  `""".toRequestBody("${mimeType}".toMediaType())`,
  '',
];
/** The library's own writer for OkHttp knows version 3, whose calls do not compile with any later one. */
const okHttp: Client = {
  info: {
    key: 'okhttp5',
    title: 'OkHttp',
    link: 'https://square.github.io/okhttp/',
    description: 'OkHttp 4 and 5',
    extname: '.kt',
  },
  convert({ method, fullUrl, allHeaders, postData }) {
    const hasBody = Boolean(postData.text);
    const needsBody = ['POST', 'PUT', 'PATCH'].includes(method);
    const body = hasBody ? 'body' : needsBody ? '"".toRequestBody()' : '';
    return [
      ...(hasBody ? ['import okhttp3.MediaType.Companion.toMediaType'] : []),
      'import okhttp3.OkHttpClient',
      'import okhttp3.Request',
      ...(body ? ['import okhttp3.RequestBody.Companion.toRequestBody'] : []),
      '',
      ...(hasBody ? kotlinBody(postData as Body) : []),
      'val request = Request.Builder()',
      `  .url(${kotlinText(fullUrl)})`,
      `  .${method.toLowerCase()}(${body})`,
      ...Object.entries(allHeaders).map(
        ([name, value]) => `  .header(${kotlinText(name)}, ${kotlinText(String(value))})`,
      ),
      '  .build()',
      '',
      'OkHttpClient().newCall(request).execute().use { response ->',
      '  println("${response.code} ${response.body?.string()}")',
      '}',
    ].join('\n');
  },
};
