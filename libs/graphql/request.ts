import type { FastifyReply, FastifyRequest } from 'fastify';
import { getOperationAST, OperationTypeNode, parse, type DocumentNode } from 'graphql';
import { AppError } from '#libs/errors/app-error.js';
import { commonErrors } from '#libs/errors/common-errors.js';
import { invalid } from '#libs/database/list.js';
import type { Documents, NewDocument } from './documents.js';
import { maxTokens } from './limits.js';
import { setMediaType } from './media-type.js';

/** What GraphQL over HTTP is asked with: the body of a POST, or the parameters of a GET, where objects are JSON text. */
interface GraphqlRequest {
  query?: unknown;
  operationName?: unknown;
  variables?: unknown;
  extensions?: unknown;
}
/** Text that is JSON and cannot be GraphQL. Mercurius takes it for a document that is parsed already. */
const json = /^\s*(?:\{\s*["}]|["[\d-]|(?:true|false|null)\s*$)/;

const unfit = (reason: string) => new AppError(commonErrors.GRAPHQL_INVALID, { params: { reason } });

/** Before the body is parsed: Mercurius would take `application/graphql` too, past the checks of JSON bodies. */
export async function checkMediaType(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  setMediaType(request, reply);
  if (/^\s*application\/graphql\s*(;|$)/i.test(request.headers['content-type'] ?? ''))
    throw new AppError(commonErrors.UNSUPPORTED_MEDIA_TYPE);
}
/** Documents to be stored once they have been validated, by the request that brought them. */
const fresh = new WeakMap<FastifyRequest, NewDocument>();
export const freshDocument = (request: FastifyRequest | undefined): NewDocument | undefined =>
  request && fresh.get(request);

/**
 * Before Mercurius sees the request: its shape, which document it runs, and that nothing but a POST changes anything.
 */
export const checkRequest = (documents: Documents) =>
  async function (request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const isPost = request.method === 'POST';
    const sent = (isPost ? request.body : request.query) as GraphqlRequest | undefined;
    if (!isObject(sent)) throw invalid('', 'TYPE', { expected: 'object' });
    // Clients send null, or nothing, for what they do not use.
    for (const name of ['query', 'operationName', 'variables', 'extensions'] as const)
      if (sent[name] === null || sent[name] === '') delete sent[name];
    const { query, operationName } = sent;
    if (query !== undefined && typeof query !== 'string') throw invalid('query', 'TYPE', { expected: 'string' });
    if (operationName !== undefined && typeof operationName !== 'string')
      throw invalid('operationName', 'TYPE', { expected: 'string' });
    const [, extensions] = (['variables', 'extensions'] as const).map((name) => {
      const value = isPost ? sent[name] : parsed(sent[name]);
      if (value !== undefined && value !== null && !isObject(value))
        throw invalid(name, 'TYPE', { expected: 'object' });
      return value;
    });
    if (query !== undefined && json.test(query)) throw unfit('Syntax Error: JSON is not GraphQL.');
    const document = documents.resolve(query, extensions);
    sent.query = document.text;
    if (document.fresh) fresh.set(request, document.fresh);
    if (!isPost) checkOperation(document.text, operationName, reply);
  };
const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
function parsed(text: unknown): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text as string);
  } catch {
    return text;
  }
}
/** Mercurius looks at the operation of a GET without having looked whether there is one, and not at all at that of a HEAD. */
function checkOperation(query: string, operationName: string | undefined, reply: FastifyReply): void {
  let document: DocumentNode;
  try {
    document = parse(query, { maxTokens, noLocation: true });
  } catch {
    // It will be parsed again, and what is wrong be said.
    return;
  }
  const operation = getOperationAST(document, operationName);
  if (!operation)
    throw unfit(
      operationName === undefined
        ? 'Must provide operation name if query contains multiple operations.'
        : `Unknown operation named "${operationName}".`,
    );
  if (operation.operation === OperationTypeNode.QUERY) return;
  reply.header('allow', 'POST');
  throw new AppError(commonErrors.METHOD_NOT_ALLOWED);
}
