import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { Failure } from '../failure.mjs';
import { wordsOf } from './names.mjs';
import { keywords, reservedInSql, takenByCode } from './reserved.mjs';

/**
 * A domain that a field can lead to.
 * @typedef {object} Target
 * @property {string} plural `users`
 * @property {string} title `user`
 * @property {string} resource the variable of its definition
 * @property {string} entity class
 * @property {string} view class
 * @property {string} table
 * @property {string} folder in src/
 * @property {{ entity: string, view: string, resource: string }} modules where they are imported from
 * @property {{ world: string, everybody: boolean, visibleTo(user: string, world: string): string }} tests how tests get
 *   a row: the type of its world, whether every account sees every row, and code for the id of one that a user sees
 */

/** What is there already, read from the sources. */
export class Project {
  /** @param {string} root */
  constructor(root) {
    this.root = root;
    this.sources = filesBelow(join(root, 'src')).filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts'));
    this.texts = new Map(this.sources.map((path) => [path, readFileSync(path, 'utf8')]));
    this.targets = this.sources
      .filter((path) => path.endsWith('.resource.ts'))
      .flatMap((path) => targetsIn(root, path, this.texts.get(path) ?? ''));
  }
  /** @param {string} path from the root */
  read(path) {
    const file = join(this.root, path);
    if (!existsSync(file)) throw new Failure(`${path} is missing.`, 'The generator registers a new domain there.');
    return readFileSync(file, 'utf8');
  }
  /** Languages of the messages, in their order. */
  get locales() {
    const found = /export const locales = \[([^\]]+)\]/.exec(this.read('libs/messages/messages.ts'));
    if (!found) throw new Failure('libs/messages/messages.ts does not list the languages.', 'It exports `locales`.');
    return [...found[1].matchAll(/'([^']+)'/g)].map(([, locale]) => locale);
  }
  /** @param {string} plural */
  target(plural) {
    const found = this.targets.find((target) => target.plural === plural || target.table === plural);
    if (found && !found.tests.world)
      throw new Failure(
        `A field cannot lead to ${plural}: the tests would not know how to get a row that its reader may see.`,
        `Let test/domains/${found.folder}/world.ts offer make${found.entity}, or give a plain id and add the relation by hand.`,
      );
    if (found) return found;
    const known = this.targets.map((target) => target.plural).join(', ');
    throw new Failure(`There is no domain ${plural} that a field could lead to.`, `There are ${known}.`);
  }
  /** Every table that a migration makes. */
  get tables() {
    return new Set(this.matches(/create table (?:if not exists )?"?(\w+)/gi));
  }
  /** A time stamp for a migration that comes after all others. */
  nextStamp(now = new Date()) {
    const stamps = this.sources.flatMap((path) => /[\\/]migrations[\\/](\d{14})-[^\\/]+\.ts$/.exec(path)?.[1] ?? []);
    const mine = now.toISOString().replaceAll(/\D/g, '').slice(0, 14);
    const last = stamps.sort().at(-1) ?? '0';
    return mine > last ? mine : String(BigInt(last) + 1n);
  }
  /**
   * Refuses a domain whose names are taken, by whom it says.
   * @param {import('./names.mjs').Names} names
   * @param {readonly string[]} enums
   */
  requireFree(names, enums) {
    const refuse = (/** @type {string} */ why) => {
      throw new Failure(`A domain ${names.titles} cannot be made: ${why}.`, 'Choose another name, or --plural.');
    };
    const plain = names.one.toLowerCase();
    for (const word of [names.one, names.many]) if (keywords.has(word)) refuse(`${word} is a word of JavaScript`);
    if (takenByCode.has(plain)) refuse(`a class ${names.One} would hide one that every domain uses`);
    if (reservedInSql.has(names.table)) refuse(`PostgreSQL reserves ${names.table}`);
    for (const folder of [`src/${names.folder}`, `test/domains/${names.folder}`])
      if (existsSync(join(this.root, folder))) refuse(`the folder ${folder} is there already`);
    for (const { plural, entity } of this.targets)
      if (plural === names.many || entity === names.One) refuse(`the domain ${plural} is there already`);
    if (this.tables.has(names.table)) refuse(`a migration makes the table ${names.table}`);
    const types = new Set([
      ...this.matches(/@(?:View|Input)\('(\w+)'/g),
      ...this.matches(/@Choice\(\s*'(\w+)'/g),
      ...this.graphqlNames,
    ]);
    const suffixes = ['', 'Connection', 'Edge', 'Filter', 'Sort', 'SortField'].map((suffix) => names.One + suffix);
    for (const type of [...suffixes, `Create${names.One}Input`, `Update${names.One}Input`, ...enums])
      if (types.has(type)) refuse(`GraphQL has a type ${type} already`);
    const roots = this.rootFields;
    for (const field of [names.one, names.many, `create${names.One}`, `update${names.One}`, `delete${names.One}`])
      if (roots.has(field)) refuse(`GraphQL has a field ${field} already`);
    for (const path of this.matches(/@Controller\(\{ path: '([^']+)'/g))
      if (path === names.folder) refuse(`REST has a path /v1/${path} already`);
  }
  get graphqlNames() {
    const sdl = this.read('test/contract/schema.graphql');
    return [...sdl.matchAll(/^(?:type|input|enum|scalar|interface|union) (\w+)/gm)].map(([, name]) => name);
  }
  get rootFields() {
    const sdl = this.read('test/contract/schema.graphql');
    const roots = [...sdl.matchAll(/^type (?:Query|Mutation) \{([\s\S]*?)^\}/gm)].map(([, body]) => body).join('\n');
    return new Set([...roots.matchAll(/^ {2}(\w+)[(:]/gm)].map(([, name]) => name));
  }
  /** @param {RegExp} pattern with one group */
  matches(pattern) {
    return [...this.texts.values()].flatMap((text) => [...text.matchAll(pattern)].map(([, name]) => name));
  }
}

/**
 * The definitions of a file that are subjects of their own.
 * @param {string} root
 * @param {string} path
 * @param {string} text
 * @returns {Target[]}
 */
function targetsIn(root, path, text) {
  const folder = dirname(path);
  const moduleOf = (/** @type {string} */ file) => `#${relative(root, file).split(sep).join('/')}`;
  return [...text.matchAll(/export const (\w+) = resource\(\{([\s\S]*?)^\}\);/gm)].flatMap(([, resource, body]) => {
    const read = (/** @type {string} */ key) => new RegExp(`^  ${key}: '?(\\w+)'?,`, 'm').exec(body)?.[1];
    const [name, plural, view, entity] = [read('name'), read('plural'), read('view'), read('entity')];
    if (!read('subject') || !name || !plural || !view || !entity) return [];
    const importedFrom = (/** @type {string} */ one) =>
      new RegExp(`import \\{[^}]*\\b${one}\\b[^}]*\\} from '([^']+)'`).exec(text)?.[1];
    const [entityFile, viewFile] = [importedFrom(entity), importedFrom(view)];
    if (!entityFile || !viewFile) return [];
    const entityModule = entityFile.startsWith('.') ? moduleOf(join(folder, entityFile)) : entityFile;
    const viewModule = viewFile.startsWith('.') ? moduleOf(join(folder, viewFile)) : viewFile;
    const entityText = readFileSync(join(root, entityModule.slice(1).replace(/\.js$/, '.ts')), 'utf8');
    const table = new RegExp(`tableName: '(\\w+)' \\}\\)\\s*export class ${entity}\\b`).exec(entityText)?.[1];
    if (!table) return [];
    return [
      {
        plural,
        title: wordsOf(name).join(' '),
        resource,
        entity,
        view,
        table,
        folder: relative(join(root, 'src'), folder).split(sep).join('/'),
        modules: { entity: entityModule, view: viewModule, resource: moduleOf(path).replace(/\.ts$/, '.js') },
        tests: testsOf(root, relative(join(root, 'src'), folder), plural, entity),
      },
    ];
  });
}
/** Rows that the worlds of the first domains have. */
const known = {
  users: { everybody: false, visibleTo: (/** @type {string} */ user) => user },
  categories: {
    everybody: true,
    visibleTo: (/** @type {string} */ _user, /** @type {string} */ w) => `${w}.categoryId`,
  },
  products: {
    everybody: true,
    visibleTo: (/** @type {string} */ _user, /** @type {string} */ w) => `${w}.productIds[0]`,
  },
  orders: {
    everybody: false,
    visibleTo: (/** @type {string} */ user, /** @type {string} */ w) => `await ${w}.makeOrder('PLACED', ${user})`,
  },
};
/**
 * @param {string} root
 * @param {string} folder
 * @param {string} plural
 * @param {string} entity
 * @returns {Target['tests']}
 */
function testsOf(root, folder, plural, entity) {
  const file = join(root, 'test/domains', folder, 'world.ts');
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const world = /export type (\w+World) =/.exec(text)?.[1] ?? '';
  if (Object.hasOwn(known, plural)) return { world, ...known[/** @type {keyof typeof known} */ (plural)] };
  const make = new RegExp(`\\bmake${entity}\\((ownerId\\?: string, )?sample\\?: number\\)`).exec(text);
  if (!make) return { world: '', everybody: false, visibleTo: () => '' };
  const isOwned = make[1] !== undefined;
  return {
    world,
    everybody: !isOwned,
    visibleTo: (user, w) => `await ${w}.make${entity}(${isOwned ? user : ''})`,
  };
}
/**
 * @param {string} folder
 * @returns {string[]}
 */
function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
