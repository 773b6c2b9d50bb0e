import { Global, Module } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Kind, NoSchemaIntrospectionCustomRule, type DocumentNode, type GraphQLSchema } from 'graphql';
import type { MercuriusContext } from 'mercurius';
import { TokenStrategy } from '#libs/authn/token.strategy.js';
import { Config } from '#libs/config/config.js';
import { currentContext } from '#libs/context/request-context.js';
import { formatErrors, installFieldResolvers, type OperationContext } from './answers.js';
import { Documents } from './documents.js';
import { checkLimits, isWithin, maxTokens, requestsOf } from './limits.js';
import { PagesLoader } from './pages-loader.js';
import { PersistedQueries } from './persisted-queries.js';
import { RoleLimits } from './role-limits.js';
import { checkMediaType, checkRequest, freshDocument } from './request.js';
import { checkVariables } from './variables.js';

/** `query orders, users`: the operation's type and the fields that it asks, never a name that the client made up. */
function operationOf(document: DocumentNode): string {
  const operations = document.definitions.flatMap((d) => {
    if (d.kind !== Kind.OPERATION_DEFINITION) return [];
    const fields = d.selectionSet.selections.flatMap((s) => (s.kind === Kind.FIELD ? [s.name.value] : ['…']));
    return [`${d.operation} ${[...new Set(fields)].slice(0, 5).join(', ')}`];
  });
  return operations.join('; ').slice(0, 200);
}
const operations = new WeakMap<DocumentNode, { name: string; many: boolean; runs: number }>();
/**
 * Mercurius compiles a document the third time that it is asked, and that time nobody but the compiled query looks at
 * the variables: its errors do not say where in a value the mistake is.
 */
const runsUntilCompiled = 3;

function beforeExecution(
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Record<string, unknown> | undefined,
): { document: DocumentNode } | undefined {
  let known = operations.get(document);
  if (!known) {
    const many = document.definitions.filter((d) => d.kind === Kind.OPERATION_DEFINITION).length > 1;
    operations.set(document, (known = { name: operationOf(document), many, runs: 0 }));
  }
  const context = currentContext();
  if (context) context.operation = known.name;
  if (variables && !known.many && known.runs < runsUntilCompiled) {
    known.runs++;
    checkVariables(schema, document, variables);
  }
  // Mercurius keeps one compiled query a document, whichever operation was named when it was compiled. A document that
  // counts as modified is executed without it.
  return known.many ? { document } : undefined;
}

/** A document is counted when it comes, and once more for every further request that it stands for. */
async function charge(reply: FastifyReply, document: DocumentNode, variables: Record<string, unknown> | undefined) {
  const requests = requestsOf(document, variables);
  if (requests > 1) await reply.request.server.edge.charge?.(reply.request, reply, requests);
}

@Module({ providers: [PersistedQueries, Documents, PagesLoader], exports: [Documents, PagesLoader] })
class PartsModule {}

/** `/graphql` over the same services as REST. */
@Global()
@Module({
  imports: [
    GraphQLModule.forRootAsync<MercuriusDriverConfig>({
      driver: MercuriusDriver,
      imports: [PartsModule],
      inject: [Config, Documents, TokenStrategy, PagesLoader],
      useFactory: (config: Config, documents: Documents, tokens: TokenStrategy, pages: PagesLoader) => {
        const limits = new RoleLimits(config.graphql.limits);
        return {
          autoSchemaFile: true,
          sortSchema: true,
          // test/contract checks the schema.
          buildSchemaOptions: { skipCheck: true },
          // Nested fields that a handler resolves are guarded like root fields; without it their markers would say nothing.
          fieldResolverEnhancers: ['guards'],
          jit: 1,
          // Enums, texts, ids, numbers and truths are in the rows as they are written.
          compilerOptions: { disableLeafSerialization: true },
          graphiql: false,
          ide: false,
          context: (req: FastifyRequest, reply: FastifyReply) => ({ req, reply }),
          errorFormatter: formatErrors,
          graphql: { parseOptions: { maxTokens } },
          validationRules: config.graphql.introspection ? [] : [NoSchemaIntrospectionCustomRule],
          transformSchema: (schema: GraphQLSchema) => installFieldResolvers(schema, pages),
          // Instead of Mercurius's own schemas: they refuse null, take what is not JSON and write positions as text.
          additionalRouteOptions: {
            schema: undefined,
            preParsing: checkMediaType,
            preValidation: checkRequest(documents),
          },
          hooks: {
            preExecution: async (
              schema: GraphQLSchema,
              document: DocumentNode,
              { reply }: MercuriusContext,
              variables: Record<string, unknown>,
            ) => {
              const changes = beforeExecution(schema, document, variables);
              checkLimits(document, variables, limits.most);
              // Only where it makes a difference who is asking that has to be known; it may take a look into the database.
              if (reply && !isWithin(document, variables, limits.least))
                checkLimits(document, variables, limits.of(await tokens.actorOf(reply.request)));
              if (reply) await charge(reply, document, variables);
              const fresh = freshDocument(reply?.request);
              if (fresh) documents.store(fresh);
              return changes;
            },
            onResolution: (execution: { extensions?: object }, context: OperationContext) => {
              if (context.hiddenPaths) execution.extensions = { ...execution.extensions, hidden: context.hiddenPaths };
            },
          },
        } as unknown as Omit<MercuriusDriverConfig, 'driver'>;
      },
    }),
  ],
})
export class GraphqlModule {}
