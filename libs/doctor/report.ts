import type { Finding, Status } from './finding.js';

/** The worst of all: `skipped` is no worse than `ok`. */
export function verdictOf(findings: readonly Finding[]): 'ok' | 'warning' | 'problem' {
  const has = (status: Status) => findings.some((finding) => finding.status === status);
  return has('problem') ? 'problem' : has('warning') ? 'warning' : 'ok';
}

export const asJson = (findings: readonly Finding[]): string =>
  `${JSON.stringify({ status: verdictOf(findings), findings }, null, 2)}\n`;

const marks: Readonly<Record<Status, string>> = { ok: 'ok', warning: 'WARNING', problem: 'PROBLEM', skipped: '-' };

/** For a terminal: one line a finding, and its cure below. */
export function asText(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.flatMap(({ check, status, message, cure }) => {
    const head = `${marks[status].padEnd(8)} ${check.padEnd(width)}  `;
    return [head + message, ...(cure === undefined ? [] : [`${' '.repeat(head.length)}→ ${cure}`])];
  });
  const count = (status: Status) => findings.filter((finding) => finding.status === status).length;
  const plural = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;
  const sum = `${plural(count('problem'), 'problem')}, ${plural(count('warning'), 'warning')}, ${count('ok')} ok.`;
  return [...lines, '', sum, ''].join('\n');
}

/** Whatever an error's text may hold: no password of ours leaves with it. */
export function withoutSecrets(text: string, urls: readonly (string | undefined)[]): string {
  let clean = text;
  for (const url of urls) {
    if (!url || !URL.canParse(url)) continue;
    const { password } = new URL(url);
    for (const secret of new Set([password, decodeURIComponent(password)]))
      if (secret.length > 3) clean = clean.replaceAll(secret, '***');
  }
  return clean;
}
