import { Failure } from '../failure.mjs';
import { extend } from './edit.mjs';
import { checkFields, defaultFields, enumOf, parseFields } from './fields.mjs';
import { namesOf } from './names.mjs';
import { Project } from './project.mjs';
import { databaseUrl } from './table-catalog.mjs';
import { readTable } from './table.mjs';
import { contract } from './templates/contract.mjs';
import { controller } from './templates/controller.mjs';
import { entity } from './templates/entity.mjs';
import { errors, texts, textsModule } from './templates/errors.mjs';
import { migration, migrationClass } from './templates/migration.mjs';
import { module } from './templates/module.mjs';
import { policy } from './templates/policy.mjs';
import { resource } from './templates/resource.mjs';
import { resolver } from './templates/resolver.mjs';
import { service } from './templates/service.mjs';
import { entitySpec, policySpec, serviceSpec } from './templates/specs.mjs';
import { accessRows, calls, edits, expected, lists, statements, tests } from './templates/test-rows.mjs';
import { surfaces } from './templates/test-surfaces.mjs';
import { world } from './templates/test-world.mjs';
import { formatted } from './write.mjs';

/**
 * @typedef {object} Wish
 * @property {string} root
 * @property {NodeJS.ProcessEnv} env
 * @property {string} name
 * @property {string} [plural]
 * @property {string} [fields]
 * @property {string} [owner]
 * @property {boolean} shared
 * @property {string} [fromTable]
 */

/**
 * Everything that would be written, checked as far as it can be before it is there.
 * @param {Wish} wish
 * @returns {Promise<{ domain: import('./domain.mjs').Domain, files: import('./write.mjs').File[], notes: string[] }>}
 */
export async function planDomain(wish) {
  const project = new Project(wish.root);
  const names = namesOf(wish.name, wish.plural);
  const found = wish.fromTable === undefined ? undefined : await foundTable(wish, project, wish.fromTable);
  if (found) names.table = found.table.name;
  const given = found?.fields ?? parseFields(wish.fields ?? defaultFields, (plural) => project.target(plural));
  const { owner, fields } = found ? ownerIn(wish, given) : ownerOf(wish, project, given);
  checkFields(owner ? [owner, ...fields] : fields);
  project.requireFree(
    names,
    fields.filter((field) => field.kind === 'choice').map((field) => enumOf(names, field)),
  );
  /** @type {import('./domain.mjs').Domain} */
  const domain = { names, fields, owner, locales: project.locales, stamp: project.nextStamp(), table: found?.table };
  const files = await formatted(wish.root, [...newFiles(domain), ...registrations(project, domain)]);
  const notes = found?.notes ?? [];
  if (found && !owner && !wish.shared)
    notes.push('no column says whose row it is, so every account reads all rows and the staff writes them.');
  return { domain, files, notes };
}
/**
 * @param {Wish} wish
 * @param {Project} project
 * @param {string} name
 */
async function foundTable({ root, env, fields }, project, name) {
  if (fields !== undefined)
    throw new Failure('The fields of --from-table are the columns of the table.', 'Leave --fields out.');
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: await databaseUrl(root, env), connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    return await readTable(client, name, project);
  } finally {
    await client.end();
  }
}
/**
 * The owner among the columns of a table.
 * @param {Wish} wish
 * @param {import('./fields.mjs').Field[]} given
 */
function ownerIn({ owner, shared }, given) {
  const may = (/** @type {import('./fields.mjs').Field} */ f) =>
    f.target?.plural === 'users' && !f.nullable && f.unique === undefined;
  const found = given.find((f) => may(f) && (owner ? f.name === owner : /^(owner|customer|user)Id$/.test(f.name)));
  if (owner !== undefined && !found)
    throw new Failure(`${owner} cannot say whose row it is.`, 'The owner is a column with a user in every row.');
  if (shared || !found) return { owner: undefined, fields: given };
  return { owner: found, fields: given.filter((field) => field !== found) };
}
/**
 * @param {Wish} wish
 * @param {Project} project
 * @param {import('./fields.mjs').Field[]} given
 */
function ownerOf({ owner, shared }, project, given) {
  if (shared) {
    if (owner !== undefined) throw new Failure('What is shared has no owner.', 'Give --owner or --shared, not both.');
    return { owner: undefined, fields: given };
  }
  const name = owner ?? 'ownerId';
  const found = given.find((field) => field.name === name);
  if (owner === undefined || !found) {
    if (found || !/^[a-z][A-Za-z0-9]*Id$/.test(name))
      throw new Failure(
        `${name} cannot say whose row it is.`,
        'The owner is named like customerId, and leads to users.',
      );
    return { owner: parseFields(`${name}:id→users`, (plural) => project.target(plural))[0], fields: given };
  }
  if (found.target?.plural !== 'users' || found.nullable || found.unique !== undefined)
    throw new Failure(`${name} cannot say whose row it is.`, `Every row has one owner: ${name}:id→users`);
  return { owner: found, fields: given.filter((field) => field !== found) };
}

/** @param {import('./domain.mjs').Domain} domain */
function newFiles(domain) {
  const { folder, file } = domain.names;
  const test = (/** @type {string} */ name, /** @type {string | undefined} */ text) =>
    text === undefined ? [] : [{ path: `test/domains/${folder}/${name}.ts`, text }];
  const src = (/** @type {string} */ name, /** @type {string} */ text) => ({ path: `src/${folder}/${name}`, text });
  return [
    src(`${folder}.resource.ts`, resource(domain)),
    src(`${folder}.contract.ts`, contract(domain)),
    src(`${file}.entity.ts`, entity(domain)),
    src(`${folder}.policy.ts`, policy(domain)),
    src(`${folder}.service.ts`, service(domain)),
    src(`${folder}.controller.ts`, controller(domain)),
    src(`${folder}.resolver.ts`, resolver(domain)),
    src(`${folder}.errors.ts`, errors(domain)),
    src(`${folder}.module.ts`, module(domain)),
    src(`migrations/${domain.stamp}-${folder}.ts`, migration(domain)),
    src('locales/texts.ts', textsModule(domain)),
    ...domain.locales.map((locale) => src(`locales/${locale}.json`, texts(domain, locale))),
    src(`${folder}.policy.spec.ts`, policySpec(domain)),
    src(`${file}.entity.spec.ts`, entitySpec(domain)),
    src(`${folder}.service.spec.ts`, serviceSpec(domain)),
    ...test(`${folder}.tests`, tests(domain)),
    ...test('world', world(domain)),
    ...test('calls', calls(domain)),
    ...test('expected', expected(domain)),
    ...test('surfaces', surfaces(domain)),
    ...test('lists', lists(domain)),
    ...test('access-rows', accessRows(domain)),
    ...test('edits', edits(domain)),
    ...test('statements', statements(domain)),
  ];
}
/**
 * Files of the project that have to know of the domain.
 * @param {Project} project
 * @param {import('./domain.mjs').Domain} domain
 */
function registrations(project, domain) {
  const { One, Many, folder, file } = domain.names;
  const register = (
    /** @type {string} */ path,
    /** @type {string} */ array,
    /** @type {string} */ element,
    /** @type {string} */ from,
  ) => ({
    path,
    text: extend(path, project.read(path), { imports: [`import { ${element} } from '${from}';`], array, element }),
  });
  return [
    register('src/app.module.ts', 'imports', `${Many}Module`, `#src/${folder}/${folder}.module.js`),
    register('src/entities.ts', 'entities', One, `#src/${folder}/${file}.entity.js`),
    register(
      'src/migrations.ts',
      'migrations',
      migrationClass(domain),
      `#src/${folder}/migrations/${domain.stamp}-${folder}.js`,
    ),
    register('test/domains/domains.ts', 'domains', `${domain.names.many}Tests`, `./${folder}/${folder}.tests.js`),
  ];
}
