import { imports, lines } from '../code.mjs';
import { allFields, importsOfTargets } from '../domain.mjs';
import { takenCode } from '../fields.mjs';

/** @param {import('../domain.mjs').Domain} domain */
export function service(domain) {
  const { names, owner, table } = domain;
  const { One, Many, one, many, folder } = names;
  const given = domain.fields.filter((field) => field.target);
  const tableName = table?.name ?? names.table;
  const uniques = allFields(domain)
    .filter((field) => field.unique !== undefined)
    .map((field) => {
      const constraint = field.unique || `${tableName}_${field.column}`;
      return `${constraint}: { error: ${one}Errors.${takenCode(names, field)}, field: '${field.name}' },`;
    });
  const check = given.length > 0 && 'await requireReferences(em, actor, input);';
  return `
${imports({
  '@mikro-orm/postgresql': ['type EntityManager'],
  '@nestjs/common': ['Injectable'],
  '#libs/authz/actor.js': ['type Actor'],
  '#libs/authz/require-visible.js': [given.length > 0 && 'requireVisible'],
  '#libs/authz/row-commands.js': ['RowCommands', 'type Rows'],
  '#libs/database/answers.js': ['type Document', 'type Listing'],
  '#libs/database/database.js': ['Database'],
  '#libs/database/list.js': ['type Ask', 'type ListInput'],
  '#libs/database/reads.js': ['Reads'],
  '#libs/database/unique.js': ['uniqueId', 'withUniques', 'type Unique'],
  '#libs/errors/app-error.js': ['AppError'],
  ...importsOfTargets(domain, 'entity', given),
  [`./${names.file}.entity.js`]: [One],
  [`./${folder}.contract.js`]: [`type Create${One}Input`, `type Update${One}Input`],
  [`./${folder}.errors.js`]: [`${one}Errors`],
  [`./${folder}.resource.js`]: [many],
})}

type IfMatch = string | null | undefined;

const ${one}Rows: Rows<${One}> = { resource: ${many}, entity: ${One}, notFound: ${one}Errors.${names.code}_NOT_FOUND };
const uniques: Readonly<Record<string, Unique>> = {
  ${lines([`${table?.primaryKey ?? `${tableName}_pkey`}: uniqueId,`, ...uniques])}
};

@Injectable()
export class ${Many}Service {
  constructor(
    private readonly database: Database,
    private readonly reads: Reads,
    private readonly commands: RowCommands,
  ) {}

  list(actor: Actor, input: ListInput): Promise<Listing> {
    return this.reads.list(${many}, actor, input);
  }
  async get(actor: Actor, id: string, ask: Ask, em?: EntityManager): Promise<Document> {
    const found = await this.reads.document(${many}, actor, id, ask, em);
    if (!found) throw new AppError(${one}Errors.${names.code}_NOT_FOUND);
    return found;
  }
  create(actor: Actor, input: Create${One}Input, ask: Ask): Promise<Document> {
    return this.database.transaction(async (em) => {
      const ${one} = ${One}.of(input${owner ? ', actor.requireId()' : ''});
      actor.requireFields('create', ${one}, input);
      ${check || ''}
      em.persist(${one});
      await withUniques(uniques, () => em.flush());
      return this.get(actor, ${one}.id, ask, em);
    });
  }
  update(actor: Actor, id: string, input: Update${One}Input, ifMatch: IfMatch, ask: Ask): Promise<Document> {
    const allow = (${one}: ${One}) => actor.requireFields('update', ${one}, input);
    const work = async (em: EntityManager, ${one}: ${One}) => {
      ${check || ''}
      ${one}.update(input);
      // Nor may a change lead out of what the caller may change.
      actor.require('update', ${one});
      await withUniques(uniques, () => em.flush());
    };
    return this.commands.change(${one}Rows, { actor, id, ifMatch, allow, work }, ask);
  }
  /** The id of what is gone. */
  delete(actor: Actor, id: string, ifMatch: IfMatch): Promise<string> {
    const allow = (${one}: ${One}) => actor.require('delete', ${one});
    const work = (_em: EntityManager, ${one}: ${One}) => ${one}.delete();
    return this.commands.delete(${one}Rows, { actor, id, ifMatch, allow, work });
  }
}
${
  given.length > 0
    ? `/** What the input leads to has to be there, and to be seen by the caller. */
async function requireReferences(em: EntityManager, actor: Actor, input: Update${One}Input): Promise<void> {
  ${lines(given.map((f) => `if (input.${f.name}) await requireVisible(em, ${f.target?.entity}, actor, input.${f.name}, '${f.name}');`))}
}`
    : ''
}
`;
}
