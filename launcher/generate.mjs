import { parseArgs } from 'node:util';
import { Failure } from './failure.mjs';

const help = `\
usage: npm run generate -- <name> [options]

Makes a domain: definition, entity, migration, contract, policy, service, both APIs, errors in every language, and tests.
The name may be a singular or a plural, and have several words: tickets, support-ticket.

  --fields "<name>:<kind> …"  its fields, see below; name, description and status unless told
  --owner <field>             the id→users that says whose row it is; ownerId is added unless told
  --shared                    rows belong to nobody: every account reads them, the staff writes them
  --plural <name>             the plural, where English does not lead to it
  --from-table <table>        starts from a table that the database has already
  --dry-run                   lists the files and writes none
`;

/**
 * @param {{ root: string, args: string[], env: NodeJS.ProcessEnv }} options
 * @returns {Promise<number>} the exit code
 */
export async function main({ root, args, env }) {
  const { fieldsHelp } = await import('./generate/fields.mjs');
  const { values, positionals } = parse(args);
  if (values.help) {
    process.stdout.write(`${help}\nkinds of fields:\n${fieldsHelp}\n`);
    return 0;
  }
  if (positionals.length > 1) throw new Failure('One domain at a time.', 'npm run generate -- <name> [options]');
  const [name] = positionals;
  if (!name && !values['from-table'])
    throw new Failure('What is the domain called?', 'npm run generate -- tickets, or --help for everything else.');

  const { planDomain } = await import('./generate/plan.mjs');
  const { domain, files, notes } = await planDomain({
    root,
    env,
    name: name ?? values['from-table'] ?? '',
    plural: values.plural,
    fields: values.fields,
    owner: values.owner,
    shared: values.shared ?? false,
    fromTable: values['from-table'],
  });
  if (!values['dry-run']) {
    const { writeAll } = await import('./generate/write.mjs');
    writeAll(root, files);
  }
  process.stdout.write(
    `${values['dry-run'] ? 'Would write' : 'Wrote'} ${domain.names.titles}:\n${files.map(({ path }) => `  ${path}\n`).join('')}`,
  );
  for (const note of notes) process.stdout.write(`note: ${note}\n`);
  if (!values['dry-run'])
    process.stdout.write(
      `\nNow \`npm run docs:api\` takes it into the published contract, and \`npm test -- src/${domain.names.folder} test\` tests it.\n`,
    );
  return 0;
}
/** @param {string[]} args */
function parse(args) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        fields: { type: 'string' },
        owner: { type: 'string' },
        shared: { type: 'boolean' },
        plural: { type: 'string' },
        'from-table': { type: 'string' },
        'dry-run': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new Failure(/** @type {Error} */ (error).message, 'npm run generate -- --help lists what there is.');
  }
}
