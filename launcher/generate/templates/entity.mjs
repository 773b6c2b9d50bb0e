import { imports, lines, literal } from '../code.mjs';
import { allFields, importsOfTargets } from '../domain.mjs';
import { enumOf, isRequired } from '../fields.mjs';
import { inputTypeOf, propertiesOf, takes } from '../kinds.mjs';

/** @param {import('../domain.mjs').Domain} domain */
export function entity(domain) {
  const { names, fields, owner } = domain;
  const all = allFields(domain);
  const choices = fields.filter((f) => f.kind === 'choice');
  return `
${imports({
  '@mikro-orm/decorators/legacy': [
    'Entity',
    all.some((f) => f.target) && 'ManyToOne',
    all.some((f) => !f.target) && 'Property',
  ],
  '#libs/audit/audited.js': ['Audited'],
  '#libs/contract/merge-patch.js': [fields.some((f) => f.kind === 'json') && 'patchedJson'],
  '#libs/contract/money.js': [fields.some((f) => f.kind === 'money') && 'type MoneyView'],
  '#libs/database/base-entity.js': ['BaseEntity'],
  ...importsOfTargets(domain, 'entity'),
})}

${choices
  .map((f) => {
    const name = enumOf(names, f);
    return `export const ${name} = { ${(f.values ?? []).map((v) => `${v}: '${v}'`).join(', ')} } as const;
export type ${name} = keyof typeof ${name};`;
  })
  .join('\n')}

interface ${names.One}Fields {
  ${fields.map((f) => `readonly ${f.name}${isRequired(f) ? '' : '?'}: ${inputTypeOf(f, enumOf(names, f))};`).join('\n')}
}

${audited(domain)}
@Entity({ tableName: ${literal(domain.table?.name ?? names.table)} })
export class ${names.One} extends BaseEntity {
  ${all.flatMap((f) => propertiesOf(f, enumOf(names, f))).join('\n\n')}

  static of(fields: ${names.One}Fields & { readonly id?: string }${owner ? `, ${owner.name}: string` : ''}): ${names.One} {
    const ${names.one} = new ${names.One}();
    if (fields.id) ${names.one}.id = fields.id.toLowerCase();
    ${owner ? `${names.one}.${owner.name} = ${owner.name};` : ''}
    ${names.one}.update(fields);
    return ${names.one};
  }
  /** What is left out stays${fields.some((f) => f.kind === 'json') ? '; JSON is merged' : ''}. */
  update(fields: Partial<${names.One}Fields>): void {
    const { ${fields.map((f) => f.name).join(', ')} } = fields;
    ${lines(fields.flatMap(takes))}
  }
  delete(): void {
    this.deletedAt = new Date();
  }
}
`;
}
/**
 * Changes are told to the audit trail; what owners do to their own rows is not. Values that may speak of a person are kept
 * under that person's key.
 * @param {import('../domain.mjs').Domain} domain
 */
function audited({ names, owner, fields }) {
  const { One, one } = names;
  const kinds = owner ? ['text', 'texts', 'email', 'json'] : ['email'];
  const personal = fields.filter((f) => kinds.includes(f.kind)).map((f) => f.name);
  const options = [
    `subject: '${One}'`,
    owner && `person: '${owner.name}'`,
    personal.length > 0 && `personal: ${literal(personal)}`,
    owner && `when: (${one}, actorId) => actorId !== ${one}.${owner.name}`,
  ];
  const comment = owner ? `/** What owners do to their own ${names.titles} is not told. */\n` : '';
  return `${comment}@Audited<${One}>({ ${options.filter(Boolean).join(', ')} })`;
}
