import { readdirSync, readFileSync } from 'node:fs';

/** Jiffies of /proc are hundredths of a second on every Linux that matters (USER_HZ). */
const MS_PER_JIFFY = 10;

/** @param {number | string} pid @returns {{ parent: number, own: number, ended: number } | undefined} jiffies */
function statOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name may hold spaces and brackets; the fields behind it are numbers.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [utime, stime, cutime, cstime] = fields.slice(11, 15).map(Number);
    return { parent: Number(fields[1]), own: utime + stime, ended: cutime + cstime };
  } catch {
    return undefined;
  }
}
/** CPU time in ms that this process has used, in user and system mode. @param {number} pid */
export const cpuOf = (pid) => (statOf(pid)?.own ?? 0) * MS_PER_JIFFY;

/** Resident memory of this process now, in MiB. @param {number} pid */
export function memoryOf(pid) {
  const [, kibibytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kibibytes ?? 0) / 1024;
}
/** The most resident memory that was seen each half second until `stop`. @param {number} pid */
export function watchMemory(pid) {
  let most = memoryOf(pid);
  const timer = setInterval(() => (most = Math.max(most, memoryOf(pid))), 500);
  return {
    stop() {
      clearInterval(timer);
      return most;
    },
  };
}
/** CPU time in ms of a PostgreSQL: the postmaster, all that it has started, and those of them that have ended. @param {number} postmaster */
export function cpuOfPostgres(postmaster) {
  let sum = 0;
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = statOf(entry);
    if (!stat) continue;
    if (stat.parent === postmaster) sum += stat.own;
    if (Number(entry) === postmaster) sum += stat.own + stat.ended;
  }
  return sum * MS_PER_JIFFY;
}
