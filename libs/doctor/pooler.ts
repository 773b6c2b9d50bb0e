import { Connection, type Patience } from './connection.js';
import { ok, problem, warning, type Finding } from './finding.js';

export type Pooling =
  | { readonly mode: 'none' }
  | { readonly mode: 'session' }
  | { readonly mode: 'transaction'; readonly keepsStatements: boolean };

const RIVALS = 3;

/**
 * What stands between us and the server, by how it behaves. A pooler announces a process id of its own making. One that
 * pools transactions gives our server connection away as soon as we are done: while others hold transactions open, a
 * statement that was prepared is asked for again, and either it comes from another process, or it is not known there.
 */
export async function detectPooling(url: string, limits?: Patience): Promise<Pooling> {
  const opened: Connection[] = [];
  const open = async () => {
    const connection = await Connection.open(url, limits);
    opened.push(connection);
    return connection;
  };
  try {
    const probe = await open();
    const ask = () => probe.named<{ pid: number }>('tandem_doctor', 'select pg_backend_pid() as pid');
    const { pid } = await ask();
    if (pid === probe.announcedPid) return { mode: 'none' };
    for (let i = 0; i < RIVALS; i++) {
      const rival = await open();
      await rival.rows('begin');
      await rival.rows('select 1 as held');
    }
    try {
      return (await ask()).pid === pid ? { mode: 'session' } : { mode: 'transaction', keepsStatements: true };
    } catch (error) {
      // Invalid SQL statement name.
      if ((error as { code?: string }).code !== '26000') throw error;
      return { mode: 'transaction', keepsStatements: false };
    }
  } finally {
    for (const connection of opened) await connection.close();
  }
}

export interface Poolings {
  /** Of DATABASE_URL. */
  readonly serving: Pooling;
  /** Of DATABASE_DIRECT_URL, when it is set. */
  readonly direct?: Pooling;
  /** Of DATABASE_OWNER_URL, when it is set. */
  readonly owner?: Pooling;
}
export function poolerFindings({ serving, direct, owner }: Poolings, namedStatements: boolean): Finding[] {
  const findings: Finding[] = [];
  if (serving.mode === 'transaction' && !serving.keepsStatements && namedStatements)
    findings.push(
      problem(
        'pooler',
        'DATABASE_URL leads through a pooler in transaction mode that does not keep prepared statements.',
        'PgBouncer 1.21 or later with max_prepared_statements = 200, or DATABASE_NAMED_STATEMENTS=false.',
      ),
    );
  if (serving.mode === 'transaction' && direct === undefined)
    findings.push(
      warning(
        'pooler',
        'DATABASE_URL leads through a pooler in transaction mode, and DATABASE_DIRECT_URL is not set.',
        'Set DATABASE_DIRECT_URL to the same role and database past the pooler.',
      ),
    );
  if (direct?.mode === 'transaction')
    findings.push(
      problem(
        'pooler',
        'DATABASE_DIRECT_URL leads through a pooler in transaction mode.',
        'Set it to the port of PostgreSQL itself, often 5432 and not 6432.',
      ),
    );
  if (owner?.mode === 'transaction')
    findings.push(
      problem(
        'pooler',
        'DATABASE_OWNER_URL leads through a pooler in transaction mode: migrations lock for a session.',
        'Set it to the port of PostgreSQL itself, often 5432 and not 6432.',
      ),
    );
  if (findings.length > 0) return findings;
  return [ok('pooler', describe(serving))];
}

function describe(pooling: Pooling): string {
  if (pooling.mode === 'none') return 'none stands between';
  if (pooling.mode === 'session') return 'one in session mode stands between';
  return `one in transaction mode stands between${pooling.keepsStatements ? ', and keeps prepared statements' : ''}`;
}
