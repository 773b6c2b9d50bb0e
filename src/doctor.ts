import { parseArgs } from 'node:util';
import { examine, type Checks, type Patient } from '#libs/doctor/examine.js';
import { opensSigningKey } from '#libs/authn/signing-key-store.js';
import { asJson, asText, verdictOf, withoutSecrets } from '#libs/doctor/report.js';
import { Secrets } from '#libs/secrets/secrets.js';
import { examineJobs } from '#libs/jobs/jobs-check.js';
import { examineMail } from '#libs/mail/mail-check.js';
import { examineProviders } from '#src/identity/external/providers-check.js';
import { readEnvironment } from '#libs/config/environment.js';
import { examineSealed } from '#src/secrets/sealed-check.js';
import { migrations } from './migrations.js';

const HELP = `Usage: npm run doctor -- [options]

Looks at Node, the configuration, the keys, the database and what stands in front of it, and says for each finding what
to do about it. Exit code 1 when there is a problem.

  --json          for machines: { status, findings: [{ check, status, message, cure }] }
  --instances n   instances of the service that share the database (1)
`;

/** What libraries look at beside the database itself. */
const checksOf = (env: Patient['env']): Checks => ({
  database: {
    jobs: examineJobs,
    sealed: (db) => examineSealed(db, readEnvironment(env).environment.ENCRYPTION_KEYS),
  },
  config: {
    'sign-in': examineProviders,
    mail: ({ mail, environment }) => examineMail(mail.smtpUrl, { production: environment === 'production' }),
  },
});

/** `npm run doctor`; the launcher knows the embedded database. Resolves to the exit code. */
export async function doctor(args: string[], { env, embedded }: Pick<Patient, 'env' | 'embedded'>): Promise<number> {
  const values = optionsOf(args);
  if (values?.help) {
    process.stdout.write(HELP);
    return 0;
  }
  if (!values || !/^[1-9]\d{0,3}$/.test(values.instances)) {
    process.stderr.write(HELP);
    return 2;
  }
  const findings = await examine({
    env,
    embedded,
    migrations,
    checks: checksOf(env),
    instances: Number(values.instances),
    opensSigningKey: (encryptionKeys, sealed, kid) => opensSigningKey(new Secrets({ encryptionKeys }), sealed, kid),
  });
  const report = values.json ? asJson(findings) : asText(findings);
  process.stdout.write(
    withoutSecrets(report, [
      env.DATABASE_URL,
      env.DATABASE_OWNER_URL,
      env.DATABASE_DIRECT_URL,
      env.REDIS_URL,
      env.SMTP_URL,
    ]),
  );
  return verdictOf(findings) === 'problem' ? 1 : 0;
}
/** Undefined when there are others than the doctor knows: exit code 1 stands for a finding. */
function optionsOf(args: string[]) {
  try {
    return parseArgs({
      args,
      options: { json: { type: 'boolean' }, instances: { type: 'string', default: '1' }, help: { type: 'boolean' } },
    }).values;
  } catch {
    return undefined;
  }
}
