import 'reflect-metadata';
import { LockMode, MikroORM } from '@mikro-orm/postgresql';
import { Audit, draftOf } from '#libs/audit/audit.js';
import { AuditSignatures } from '#libs/audit/audit-seals.js';
import { PersonKeys } from '#libs/audit/person-keys.js';
import { ConfigError, loadConfig, type Config } from '#libs/config/config.js';
import { ormOptions } from '#libs/database/orm.js';
import { Statements } from '#libs/database/statements.js';
import { Secrets } from '#libs/secrets/secrets.js';
import { adminRole } from '#src/access/role.entity.js';
import { User } from '#src/users/user.entity.js';

const HELP = `Usage: npm run admin -- <e-mail address>

Gives an account that exists the role admin: the first admin of a new service, or one after all others have gone. It is in
the audit trail as user.set-roles by "system". All instances follow within two seconds.
`;

/** Resolves to the exit code; the serving role's rights will do. */
async function main([email, ...others]: string[]): Promise<number> {
  if (!email || email.startsWith('-') || others.length > 0) {
    process.stderr.write(HELP);
    return 2;
  }
  const config = loadConfig();
  const orm = await MikroORM.init(ormOptions(config, [User]));
  try {
    const outcome = await makeAdmin(orm, config, email.trim().normalize('NFC').toLowerCase());
    if (outcome === undefined) {
      process.stderr.write('No account has this e-mail address. Its owner has to register first.\n');
      return 1;
    }
    process.stdout.write(`${outcome}\n`);
    return 0;
  } finally {
    await orm.close();
  }
}
/** What was done, in words; undefined when there is no such account. */
function makeAdmin(orm: MikroORM, config: Config, email: string): Promise<string | undefined> {
  const statements = new Statements(orm);
  statements.named = config.database.namedStatements;
  const secrets = new Secrets(config);
  const audit = new Audit(statements, new PersonKeys(statements, secrets), new AuditSignatures(secrets));
  return orm.em.fork().transactional(async (em) => {
    const user = await em.findOne(User, { email, deletedAt: null }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (!user) return undefined;
    const but = user.status === 'SUSPENDED' ? ' It is suspended.' : '';
    if (user.roles.includes(adminRole)) return `The account has the role ${adminRole} already.${but}`;
    const before = { roles: user.roles };
    user.roles = [...user.roles, adminRole];
    const told = { action: 'user.set-roles', subject: 'User', subjectId: user.id, personId: user.id };
    await audit.write(em, [draftOf({ ...told, before, after: { roles: user.roles } })]);
    return `The account has the role ${adminRole} now.${but}`;
  });
}
try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof ConfigError ? error.message : (error as Error).stack}\n`);
  process.exitCode = 1;
}
