import { imports, lines, literal, optionsOf } from '../code.mjs';
import { allFields, importsOfTargets, references } from '../domain.mjs';
import { enumOf, isRequired, relationOf } from '../fields.mjs';
import { contractOptions, decorators, descriptionOf, inputTypeOf } from '../kinds.mjs';
import { capitalized, withArticle } from '../names.mjs';

/** @typedef {import('../fields.mjs').Field} Field */

/** @param {string | false} a @param {string | false} b */
const byName = (a, b) => (String(a) < String(b) ? -1 : 1);

/** @param {import('../domain.mjs').Domain} domain */
export function contract(domain) {
  const { names, fields } = domain;
  const kinds = new Set(allFields(domain).map((field) => field.kind));
  const scalars = [...kinds].filter((kind) => kind !== 'money').map((kind) => decorators[kind]);
  const hasMoney = kinds.has('money');
  const relations = references(domain);
  return `
${imports({
  '#libs/contract/fields.js': [
    ...new Set([...scalars, 'Id', 'Input', (hasMoney || relations.length > 0) && 'One', 'PartialOf', 'View']),
  ].toSorted(byName),
  '#libs/contract/money.js': [hasMoney && 'Money', hasMoney && 'MoneyInput', hasMoney && 'MoneyView'],
  '#libs/contract/resource-view.js': ['ResourceView'],
  ...importsOfTargets(domain, 'view'),
  [`./${names.file}.entity.js`]: fields.filter((f) => f.kind === 'choice').map((f) => enumOf(names, f)),
})}

${fields
  .filter((f) => f.kind !== 'choice')
  .map((f) => `const ${f.name} = ${optionsOf(contractOptions(f))};`)
  .join('\n')}

@View('${names.One}', '${capitalized(withArticle(names.title))}.')
export class ${names.One}View extends ResourceView {
  ${allFields(domain)
    .map((field) => viewField(domain, field))
    .join('\n\n')}

  ${relations.map(({ field, target }) => relation(field, target)).join('\n\n')}
}

abstract class ${names.One}Fields {
  ${fields.map((field) => inputField(domain, field)).join('\n\n')}
}
@Input('Create${names.One}Input', 'A new ${names.title}.')
export class Create${names.One}Input extends ${names.One}Fields {
  @Id({ optional: true, description: 'Any UUID of the client’s own; made by the server when left out.' })
  id?: string;
}
@Input('Update${names.One}Input', 'Changes of ${withArticle(names.title)}; what is left out stays.')
export class Update${names.One}Input extends PartialOf(${names.One}Fields) {}
`;
}
/** @param {import('../domain.mjs').Domain} domain @param {Field} field */
function viewField({ names, owner }, field) {
  const type =
    field.kind === 'instant' ? `string${field.nullable ? ' | null' : ''}` : inputTypeOf(field, enumOf(names, field));
  return lines([viewDecorator(names, field, field === owner), `${field.name}!: ${type};`]);
}
/** @param {import('../names.mjs').Names} names @param {Field} field @param {boolean} isOwner */
function viewDecorator(names, field, isOwner) {
  const { name, nullable } = field;
  if (isOwner) return `@Id({ description: 'Id of the user whose ${names.title} it is.' })`;
  if (field.kind === 'money')
    return `@Money({ ...${name}, columns: { amount: '${name}Amount', currency: '${name}Currency' } })`;
  if (field.kind !== 'choice') return `@${decorators[field.kind]}(${name})`;
  return `@Choice('${enumOf(names, field)}', ${enumOf(names, field)}, ${optionsOf({ nullable, description: descriptionOf(field) })})`;
}
/** @param {Field} field @param {import('../project.mjs').Target} target */
function relation(field, target) {
  const name = relationOf(field);
  return lines([
    `@One(() => ${target.view}, ${optionsOf({
      nullable: true,
      description: `The ${target.title}; null when ${field.nullable ? 'there is none, or ' : ''}it may not be seen.`,
    })})`,
    `${name}!: ${target.view} | null;`,
  ]);
}
/** @param {import('../domain.mjs').Domain} domain @param {Field} field */
function inputField({ names }, field) {
  const { name, nullable, value } = field;
  const optional = !isRequired(field);
  const unless = value === undefined || value === '' ? '' : `; ${String(value)} unless told`;
  const merged = field.kind === 'json' ? ' A change is merged with what is there; null removes a name.' : '';
  const description = unless || merged ? descriptionOf(field).replace(/\.$/, `${unless}.${merged}`) : undefined;
  const type = inputTypeOf(field, enumOf(names, field)).replace('MoneyView', 'MoneyInput');
  const more = lines([
    optional && 'optional: true,',
    description && `description: ${literal(description)},`,
  ]).replaceAll('\n', ' ');
  const given = more ? `{ ...${name}, ${more} }` : name;
  /** @type {string} */
  let decorator = `@${decorators[field.kind]}(${given})`;
  if (field.kind === 'money') decorator = `@One(() => MoneyInput, ${given})`;
  if (field.kind === 'choice')
    decorator = `@Choice('${enumOf(names, field)}', ${enumOf(names, field)}, ${optionsOf({
      optional,
      nullable,
      description: description ?? descriptionOf(field),
    })})`;
  return lines([decorator, `${name}${optional ? '?' : '!'}: ${type};`]);
}
