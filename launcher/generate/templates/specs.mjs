import { imports, literal, sqlText } from '../code.mjs';
import { takenCode } from '../fields.mjs';
import { valueOf } from '../kinds.mjs';
import { withArticle } from '../names.mjs';
import { sqlName } from '../reserved.mjs';
import { changed, inputOf } from './test-rows.mjs';
import { uniqueValue } from './test-world.mjs';

/** @typedef {import('../domain.mjs').Domain} Domain */
/** @typedef {import('../fields.mjs').Field} Field */

/** @param {Domain} domain */
export function policySpec({ names, owner }) {
  const { One, one, folder, file, titles } = names;
  const cases = owner
    ? `
describe('who may do what with ${titles}', () => {
  it.each([
    ['anonymous', anonymous, [], []],
    ['an account without a role', as(), [], []],
    ['customer', as('customer'), all, []],
    ['support', as('support'), ['read', 'update'], ['read', 'update']],
    ['manager', as('manager'), ['read', 'update', 'delete'], ['read', 'update', 'delete']],
    ['customer and support', as('customer', 'support'), all, ['read', 'update']],
    ['admin', as('admin'), all, all],
  ])('%s', (_name, actor, withOwn, withOthers) => {
    expect(all.filter((action) => actor.can(action, own))).toEqual(withOwn);
    expect(all.filter((action) => actor.can(action, other))).toEqual(withOthers);
  });
});`
    : `
describe('who may do what with ${titles}', () => {
  it.each([
    ['anonymous', anonymous, []],
    ['an account without a role', as(), ['read']],
    ['customer', as('customer'), ['read']],
    ['support', as('support'), ['read', 'create', 'update']],
    ['manager', as('manager'), all],
    ['admin', as('admin'), all],
  ])('%s', (_name, actor, allowed) => {
    expect(all.filter((action) => actor.can(action, new ${One}()))).toEqual(allowed);
  });
});`;
  return `
import { describe, expect, it } from 'vitest';
import { Roles } from '#libs/authz/roles.js';
import { ${One} } from './${file}.entity.js';
import './${folder}.policy.js';
import './${folder}.resource.js';

const id = '0197f5a0-0000-7000-8000-000000000001';
const as = (...names: string[]) => new Roles().actor(id, names);
const anonymous = new Roles().actor(null, []);
${
  owner
    ? `const ${one}Of = (${owner.name}: string) => Object.assign(new ${One}(), { ${owner.name} });
const own = ${one}Of(id);
const other = ${one}Of('0197f5a0-0000-7000-8000-000000000002');`
    : ''
}
const all = ['read', 'create', 'update', 'delete'];
${cases}
`;
}

/** @param {Domain} domain */
export function entitySpec(domain) {
  const { names, owner, fields } = domain;
  const { One, one, file, title } = names;
  const ownerId = '0197f5a0-0000-7000-8000-00000000000a';
  const value = (/** @type {Field} */ f, /** @type {number} */ number) =>
    `${literal(valueOf(f, number))}${f.kind === 'choice' ? ' as const' : ''}`;
  const given = fields.map((f) => `${f.name}: ${value(f, 1)}`).join(', ');
  const required = fields.filter(
    (f) => !f.nullable && f.value === undefined && f.kind !== 'json' && f.kind !== 'texts',
  );
  const least = required.map((f) => `${f.name}: ${value(f, 1)}`).join(', ');
  const change = changed(domain);
  const stays = fields
    .filter((f) => f !== change && ['text', 'int', 'bigint', 'flag', 'choice'].includes(f.kind))
    .slice(0, 3);
  const optional = fields.filter((f) => !required.includes(f));
  const initial = optional.flatMap((f) => {
    if (f.kind === 'money') return [`${f.name}Amount: null`, `${f.name}Currency: null`];
    if (f.nullable) return [`${f.name}: null`];
    if (f.kind === 'json') return [`${f.name}: {}`];
    return [`${f.name}: ${f.kind === 'texts' ? '[]' : literal(f.value)}`];
  });
  const nullable = fields.filter((f) => f.nullable);
  const json = fields.find((f) => f.kind === 'json');
  const id = fields.find((f) => f.kind === 'id') ?? owner;
  const email = fields.find((f) => f.kind === 'email');
  const byOwner = owner ? `, ${owner.name}` : '';
  const own = `fields${byOwner}`;
  return `
import { describe, expect, it } from 'vitest';
import { ${One} } from './${file}.entity.js';

${owner ? `const ${owner.name} = '${ownerId}';` : ''}
const fields = { ${given} };

describe('a new ${title}', () => {
  it('has what it is given, under an id of its own', () => {
    const ${one} = ${One}.of(${own});
    expect(${one}).toMatchObject({ ${[owner && owner.name, ...fields.filter((f) => !['money', 'instant'].includes(f.kind)).map((f) => `${f.name}: fields.${f.name}`)].filter(Boolean).join(', ')} });
    expect(${one}.id).not.toBe(${One}.of(${own}).id);
  });
  ${
    initial.length > 0
      ? `it('is otherwise as the database would have it', () => {
    expect(${One}.of({ ${least} }${byOwner})).toMatchObject({ ${initial.join(', ')} });
  });`
      : ''
  }
  it('takes ids in any letter case, and holds them as the database gives them', () => {
    const id = '0197F5A0-0000-7000-8000-00000000000B';
    expect(${One}.of({ ...fields, id }${byOwner}).id).toBe(id.toLowerCase());
    ${id && id !== owner ? `expect(${One}.of({ ...fields, ${id.name}: id }${byOwner}).${id.name}).toBe(id.toLowerCase());` : ''}
  });
});

describe('a change of ${withArticle(title)}', () => {
  it('leaves what is left out', () => {
    const ${one} = ${One}.of(${own});
    ${one}.update({ ${change.name}: ${value(change, 2)} });
    ${
      ['money', 'instant', 'json'].includes(change.kind)
        ? ''
        : `expect(${one}.${change.name}).toEqual(${value(change, 2)});`
    }
    expect(${one}).toMatchObject({ ${[owner?.name, ...stays.map((f) => `${f.name}: fields.${f.name}`)].filter(Boolean).join(', ')} });
  });
  ${
    nullable.length > 0
      ? `it('empties what may be empty', () => {
    const ${one} = ${One}.of(${own});
    ${one}.update({ ${nullable.map((f) => `${f.name}: null`).join(', ')} });
    expect(${one}).toMatchObject({ ${nullable.flatMap((f) => (f.kind === 'money' ? [`${f.name}Amount: null`, `${f.name}Currency: null`] : [`${f.name}: null`])).join(', ')} });
  });`
      : ''
  }
  ${
    json
      ? `it('merges ${json.name}', () => {
    const ${one} = ${One}.of(${own});
    ${one}.update({ ${json.name}: { color: 'blue', size: { width: 1 } } });
    ${one}.update({ ${json.name}: { color: null, size: { height: 2 } } });
    expect(${one}.${json.name}).toMatchObject({ size: { width: 1, height: 2 } });
    expect(${one}.${json.name}).not.toHaveProperty('color');
  });`
      : ''
  }
  ${
    email
      ? `it('keeps ${email.name} in lower case', () => {
    const ${one} = ${One}.of(${own});
    ${one}.update({ ${email.name}: 'Ada@Tandem.example' });
    expect(${one}.${email.name}).toBe('ada@tandem.example');
  });`
      : ''
  }
});
`;
}

/** @param {Domain} domain */
export function serviceSpec(domain) {
  const { names, owner, fields } = domain;
  const { One, Many, one, many, folder, code, title, titles } = names;
  const table = domain.table?.sqlName ?? names.table;
  const uniques = fields.filter((f) => f.unique !== undefined);
  const given = fields.filter((f) => f.target);
  const change = changed(domain);
  const next = `{ ${change.name}: ${change.target ? 'null' : literal(valueOf(change, 2))} }`;
  const input = inputOf(domain, {
    number: 3,
    user: 'world.ids.ada',
    unique: (f) => uniqueValue(f, '++made'),
  }).replaceAll(/\bw\./g, 'world.');
  const writer = owner ? 'ada' : 'support';
  const checks = brokenChecks(domain);
  const counter = uniques.some((f) => f.kind !== 'id') && input.includes('made');
  return `
${imports({
  uuid: [input.includes('uuidv7()') && 'v7 as uuidv7'],
  vitest: ['afterAll', 'describe', 'expect', 'it'],
  '#libs/authz/roles.js': ['Roles'],
  '#libs/database/selection.js': ['selectionOf'],
  [`#test/domains/${folder}/${folder}.tests.js`]: [`${many}Tests`],
  '#test/harness/callers.js': [given.length > 0 && 'nowhere', 'type AccountName'],
  '#test/harness/world.js': ['startWorldOf'],
  [`./${folder}.resource.js`]: [many],
  [`./${folder}.service.js`]: [`${Many}Service`],
})}

const world = await startWorldOf(${many}Tests);
afterAll(() => world.app.stop());
const service = world.app.app.get(${Many}Service);
const as = (name: AccountName, ...roles: string[]) => new Roles().actor(world.ids[name], roles);
const [ada, ${owner ? 'grace, ' : ''}support, manager] = [
  as('ada', 'customer'),
  ${owner ? `as('grace', 'customer'),` : ''}
  as('support', 'support'),
  as('manager', 'manager'),
];
const ask = { selection: selectionOf(${many}, ['id', 'version']) };
${counter ? 'let made = 10_000;' : ''}
const input = ${input.includes('await') ? 'async ' : ''}() => (${input});
const rowOf = async (id: string) => (await world.app.database.sql('select * from ${table} where id = $1', [id]))[0];
const failing = (code: string, details?: object[]) => expect.objectContaining({ code, ...(details && { details }) });

describe('making ${withArticle(title)}', () => {
  it('${owner ? 'makes it for whoever asks' : 'is for the staff'}', async () => {
    const made = await service.create(${writer}, ${input.includes('await') ? 'await ' : ''}input(), ask);
    expect(await rowOf(made.id)).toMatchObject({ version: 1, deleted_at: null${owner ? `, ${literal(owner.column)}: world.ids.ada` : ''} });
    ${owner ? `await expect(service.create(support, ${input.includes('await') ? 'await ' : ''}input(), ask)).rejects.toThrow(failing('FORBIDDEN'));` : `await expect(service.create(ada, ${input.includes('await') ? 'await ' : ''}input(), ask)).rejects.toThrow(failing('FORBIDDEN'));`}
  });
  ${given
    .map(
      (f) => `it('refuses a ${f.name} of nobody', async () => {
    const unknown = { ...${input.includes('await') ? '(await input())' : 'input()'}, ${f.name}: nowhere };
    await expect(service.create(${writer}, unknown, ask)).rejects.toThrow(
      failing('VALIDATION_FAILED', [{ field: '${f.name}', code: 'NOT_FOUND' }]),
    );
  });`,
    )
    .join('\n')}
  ${uniques
    .map(
      (
        f,
      ) => `it('takes each ${f.name} once${domain.table ? '' : ', and again when the other one is deleted'}', async () => {
    const first = { ...${input.includes('await') ? '(await input())' : 'input()'}, ${f.name}: ${uniqueValue(f, '9000')} };
    const second = { ...${input.includes('await') ? '(await input())' : 'input()'}, ${f.name}: first.${f.name} };
    const { id } = await service.create(${writer}, first, ask);
    await expect(service.create(${writer}, second, ask)).rejects.toThrow(failing('${takenCode(names, f)}'));
    ${
      domain.table
        ? 'expect(id).toBeDefined();'
        : `await service.delete(${owner ? 'ada' : 'manager'}, id, undefined);
    await expect(service.create(${writer}, second, ask)).resolves.toMatchObject({ version: 1 });`
    }
  });`,
    )
    .join('\n')}
});

describe('reading ${titles}', () => {
  it('${owner ? 'shows customers their own and the staff all' : 'shows all to every account'}', async () => {
    const [first, second] = world.${one}Ids;
    const idsOf = async (actor: typeof ada) => {
      const { page } = await service.list(actor, { ...ask, filter: { id: { in: [first, second] } } });
      return page.items.map((item) => item.id as string).sort();
    };
    expect(await idsOf(ada)).toEqual(${owner ? '[first]' : '[first, second].sort()'});
    expect(await idsOf(support)).toEqual([first, second].sort());
    ${owner ? `await expect(service.get(grace, first, ask)).rejects.toThrow(failing('${code}_NOT_FOUND'));` : ''}
  });
});

describe('changing ${titles}', () => {
  it('counts the version, and refuses a change that stands on an old one', async () => {
    const id = await world.make${One}();
    const changed = await service.update(${writer}, id, ${next}, '"1.x"', ask);
    expect(changed.version).toBe(2);
    await expect(service.update(${writer}, id, ${next}, '"1.x"', ask)).rejects.toThrow(failing('PRECONDITION_FAILED'));
    expect(await rowOf(id)).toMatchObject({ version: 2 });
  });
  it('${owner ? 'is not for other customers' : 'is not for customers'}', async () => {
    const id = await world.make${One}();
    const before = await rowOf(id);
    await expect(service.update(${owner ? 'grace' : 'ada'}, id, ${next}, undefined, ask)).rejects.toThrow(failing('${owner ? `${code}_NOT_FOUND` : 'FORBIDDEN'}'));
    await expect(service.delete(${owner ? 'grace' : 'ada'}, id, undefined)).rejects.toThrow(failing('${owner ? `${code}_NOT_FOUND` : 'FORBIDDEN'}'));
    expect(await rowOf(id)).toEqual(before);
  });
});

describe('deleting ${titles}', () => {
  it('keeps the row for those who sync, and shows it to nobody', async () => {
    const id = await world.make${One}();
    expect(await service.delete(manager, id, '"1.x"')).toBe(id);
    expect(await rowOf(id)).toMatchObject({ version: 2, deleted_at: expect.any(Date) });
    for (const actor of [ada, support, manager])
      await expect(service.get(actor, id, ask)).rejects.toThrow(failing('${code}_NOT_FOUND'));
    await expect(service.delete(manager, id, undefined)).rejects.toThrow(failing('${code}_NOT_FOUND'));
  });
  it('is not for support, nor for an old version', async () => {
    const id = await world.make${One}();
    await expect(service.delete(support, id, undefined)).rejects.toThrow(failing('FORBIDDEN'));
    await expect(service.delete(manager, id, '"7"')).rejects.toThrow(failing('PRECONDITION_FAILED'));
    expect(await rowOf(id)).toMatchObject({ version: 1, deleted_at: null });
  });
});
${
  checks.length > 0
    ? `
describe('the database refuses what the contract refuses', () => {
  it.each([
    ${checks.map(([name, sql]) => `[${literal(name)}, ${literal(sql)}],`).join('\n')}
  ])('%s', async (_name, change) => {
    const id = await world.make${One}();
    const broken = world.app.database.sql(\`update ${table} set \${change} where id = $1\`, [id]);
    await expect(broken).rejects.toThrow(/violates check constraint/);
  });
});`
    : ''
}
`;
}
/**
 * @param {Domain} domain
 * @returns {[string, string][]}
 */
function brokenChecks({ fields }) {
  return fields.flatMap((f) => {
    const column = sqlName(f.column);
    const largest = f.kind === 'int' ? 2_147_483_647 : Number.MAX_SAFE_INTEGER;
    /** @type {[string, string][]} */
    const broken = [];
    if (f.kind === 'text' && f.sample === undefined)
      broken.push([`a long ${f.name}`, `${column} = repeat('x', ${(f.maxLength ?? 0) + 1})`]);
    if (f.minLength) broken.push([`an empty ${f.name}`, `${column} = ''`]);
    if (f.kind === 'choice') broken.push([`an unknown ${f.name}`, `${column} = ${sqlText('ANOTHER_ONE')}`]);
    if (f.kind === 'int' || f.kind === 'bigint') {
      if ((f.max ?? largest) < largest) broken.push([`a large ${f.name}`, `${column} = ${(f.max ?? 0) + 1}`]);
      if ((f.min ?? -largest) > -largest) broken.push([`a small ${f.name}`, `${column} = ${(f.min ?? 0) - 1}`]);
    }
    if (f.kind === 'json') broken.push([`a list for ${f.name}`, `${column} = '[]'`]);
    if (f.kind === 'money') broken.push([`a negative ${f.name}`, `${f.column}_amount = -1`]);
    return broken;
  });
}
