import type { Connection } from '#libs/doctor/connection.js';
import { ok, problem, skipped, warning, type Finding } from '#libs/doctor/finding.js';
import { deadLetters } from './dead-letters.js';
import { jobsSchema } from './schema.js';

const LATE_MINUTES = 5;

/** Whether jobs can be sent, are being run, and which of them failed for good. */
export async function examineJobs(db: Connection): Promise<Finding[]> {
  const { there } = await db.one<{ there: boolean }>(`select to_regclass('${jobsSchema}.job') is not null as there`);
  if (!there) return [skipped('jobs', 'There are no tables of jobs yet; migrations make them.')];
  const lacking = await db.rows<{ name: string }>(
    `select relname::text as name from pg_class c
     where relnamespace = '${jobsSchema}'::regnamespace and relkind in ('r', 'p')
       and not (has_schema_privilege(relnamespace, 'usage') and has_table_privilege(c.oid, 'select')
         and has_table_privilege(c.oid, 'insert') and has_table_privilege(c.oid, 'update')
         and has_table_privilege(c.oid, 'delete')) order by relname`,
  );
  if (lacking.length > 0)
    return [
      problem(
        'jobs',
        `The role that serves lacks rights on ${lacking.length} tables of jobs, such as ${lacking[0].name}.`,
        `As the owner: grant usage on schema ${jobsSchema} to …; grant select, insert, update, delete on all tables in schema ${jobsSchema} to …;`,
      ),
    ];
  const { workers, late } = await db.one<{ workers: number; late: number }>(
    `select (select count(*)::int from ${jobsSchema}.instance
         where stopped_on is null and heartbeat_on > now() - heartbeat_seconds * 3 * interval '1 second') as workers,
       (select count(*)::int from ${jobsSchema}.job
         where state < 'active' and name <> $1 and start_after < now() - interval '${LATE_MINUTES} minutes') as late`,
    [deadLetters],
  );
  const letters = await db.rows<{ job: string; count: number }>(
    `select coalesce(source_name, '?') as job, count(*)::int from ${jobsSchema}.job where name = $1 group by 1 order by 1`,
    [deadLetters],
  );
  const findings: Finding[] = [];
  if (late > 0)
    findings.push(
      warning(
        'jobs',
        `${late} jobs are due for more than ${LATE_MINUTES} minutes; ${workers} workers run.`,
        workers === 0 ? 'Start a process with ROLE=worker or ROLE=all.' : 'Start more workers, or look into their log.',
      ),
    );
  if (letters.length > 0)
    findings.push(
      warning(
        'jobs',
        `Failed for good: ${letters.map(({ job, count }) => `${job} (${count})`).join(', ')}.`,
        '`npm run jobs` lists them and sends them again when the reason is gone.',
      ),
    );
  return findings.length > 0 ? findings : [ok('jobs', `none is late, none failed for good; ${workers} workers run`)];
}
