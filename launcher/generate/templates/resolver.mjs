import { withArticle } from '../names.mjs';

/** @param {import('../domain.mjs').Domain} domain */
export function resolver({ names }) {
  const { One, Many, one, many, folder, title, titles } = names;
  return `
import { Args, ArgsType, ID, Mutation, ObjectType, Query, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { Can, Who } from '#libs/authn/access.guard.js';
import type { Actor } from '#libs/authz/actor.js';
import { IdArg, IfMatchArg, InputArg } from '#libs/graphql/arguments.js';
import { askOf, Info } from '#libs/graphql/ask.js';
import { Connection, ConnectionArgs, listInput } from '#libs/graphql/connection.js';
import { Create${One}Input, ${One}View, Update${One}Input } from './${folder}.contract.js';
import { ${many} } from './${folder}.resource.js';
import { ${Many}Service } from './${folder}.service.js';

@ObjectType({ description: 'A page of ${titles}.' })
export class ${One}Connection extends Connection(${many}) {}
@ArgsType()
export class ${One}ListArgs extends ConnectionArgs(${many}) {}

const ${one} = (description: string) => ({ description, nullable: true });

@Resolver(() => ${One}View)
export class ${Many}Resolver {
  constructor(private readonly service: ${Many}Service) {}

  @Query(() => ${One}Connection, ${one}('Lists the ${titles} that the caller may see.'))
  @Can('read', '${One}')
  ${many}(@Who() actor: Actor, @Args() args: ${One}ListArgs, @Info() info: GraphQLResolveInfo) {
    return this.service.list(actor, listInput(args, askOf(info, ${many})));
  }
  @Query(() => ${One}View, ${one}('Reads ${withArticle(title)}.'))
  @Can('read', '${One}')
  ${one}(@Who() actor: Actor, @IdArg('${title}') id: string, @Info() info: GraphQLResolveInfo) {
    return this.service.get(actor, id, askOf(info, ${many}));
  }
  @Mutation(() => ${One}View, ${one}('Makes ${withArticle(title)}.'))
  @Can('create', '${One}')
  create${One}(
    @Who() actor: Actor,
    @InputArg(Create${One}Input) input: Create${One}Input,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.service.create(actor, input, askOf(info, ${many}));
  }
  @Mutation(() => ${One}View, ${one}('Changes ${withArticle(title)}.'))
  @Can('update', '${One}')
  update${One}(
    @Who() actor: Actor,
    @IdArg('${title}') id: string,
    @InputArg(Update${One}Input) input: Update${One}Input,
    @IfMatchArg() ifMatch: string | undefined,
    @Info() info: GraphQLResolveInfo,
  ) {
    return this.service.update(actor, id, input, ifMatch, askOf(info, ${many}));
  }
  @Mutation(() => ID, ${one}('Deletes ${withArticle(title)}. Answers with its id.'))
  @Can('delete', '${One}')
  delete${One}(@Who() actor: Actor, @IdArg('${title}') id: string, @IfMatchArg() ifMatch: string | undefined) {
    return this.service.delete(actor, id, ifMatch);
  }
}
`;
}
