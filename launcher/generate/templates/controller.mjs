import { allFields } from '../domain.mjs';
import { takenCode } from '../fields.mjs';
import { withArticle } from '../names.mjs';

/** @param {import('../domain.mjs').Domain} domain */
export function controller(domain) {
  const { names } = domain;
  const { One, Many, one, many, folder, title, titles, code } = names;
  const taken = allFields(domain)
    .filter((field) => field.unique !== undefined)
    .map((field) => takenCode(names, field));
  const errors = (/** @type {string[]} */ all) => (all.length > 0 ? `errors: [${all.join(', ')}],` : '');
  return `
import { Controller, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Can, Who } from '#libs/authn/access.guard.js';
import type { Actor } from '#libs/authz/actor.js';
import { Body, CommandOperation, IfMatch, ListOperation, ReadOperation } from '#libs/http/operation.js';
import { created, restAsk, restList, type RestQuery } from '#libs/http/rest-query.js';
import { Create${One}Input, Update${One}Input } from './${folder}.contract.js';
import { ${one}Errors } from './${folder}.errors.js';
import { ${many} } from './${folder}.resource.js';
import { ${Many}Service } from './${folder}.service.js';

const { ${[`${code}_NOT_FOUND`, ...taken].join(', ')} } = ${one}Errors;

@ApiTags('${folder}')
@Controller({ path: '${folder}', version: '1' })
export class ${Many}Controller {
  constructor(private readonly ${many}: ${Many}Service) {}

  @Get()
  @Can('read', '${One}')
  @ListOperation(${many}, { id: 'list${Many}', summary: 'Lists the ${titles} that the caller may see.' })
  list(@Who() actor: Actor, @Query() query: RestQuery) {
    return this.${many}.list(actor, restList(${many}, query));
  }
  @Post()
  @Can('create', '${One}')
  @CommandOperation(${many}, {
    id: 'create${One}',
    summary: 'Makes ${withArticle(title)}.',
    byId: false,
    status: 201,
    input: Create${One}Input,
    ${errors(taken)}
  })
  async create(@Who() actor: Actor, @Body(Create${One}Input) input: Create${One}Input, @Query() query: RestQuery) {
    return created('/v1/${folder}', await this.${many}.create(actor, input, restAsk(${many}, query)));
  }
  @Get(':id')
  @Can('read', '${One}')
  @ReadOperation(${many}, { id: 'get${One}', summary: 'Reads ${withArticle(title)}.', errors: [${code}_NOT_FOUND] })
  get(@Who() actor: Actor, @Param('id') id: string, @Query() query: RestQuery) {
    return this.${many}.get(actor, id, restAsk(${many}, query));
  }
  @Patch(':id')
  @Can('update', '${One}')
  @CommandOperation(${many}, {
    id: 'update${One}',
    summary: 'Changes ${withArticle(title)}.',
    input: Update${One}Input,
    ifMatch: true,
    ${errors([`${code}_NOT_FOUND`, ...taken])}
  })
  update(
    @Who() actor: Actor,
    @Param('id') id: string,
    @Body(Update${One}Input) input: Update${One}Input,
    @IfMatch() ifMatch: string | undefined,
    @Query() query: RestQuery,
  ) {
    return this.${many}.update(actor, id, input, ifMatch, restAsk(${many}, query));
  }
  @Delete(':id')
  @Can('delete', '${One}')
  @CommandOperation(${many}, {
    id: 'delete${One}',
    summary: 'Deletes ${withArticle(title)}.',
    status: 204,
    ifMatch: true,
    errors: [${code}_NOT_FOUND],
  })
  async delete(@Who() actor: Actor, @Param('id') id: string, @IfMatch() ifMatch: string | undefined) {
    await this.${many}.delete(actor, id, ifMatch);
  }
}
`;
}
