import { cpus, totalmem } from 'node:os';

/** @typedef {import('./measure.mjs').Summary} Summary */
/** @typedef {{ name: string, title: string, target: number, limit: Summary, tandem: Summary, ratio: { requests: number, cpu: number } }} Result */

/** Lines of a table with aligned columns; the first row is the head, numbers stand to the right. @param {string[][]} rows */
export function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (/** @type {string[]} */ row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join('  ');
  return [line(rows[0]), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.slice(1).map(line)].join('\n');
}
/** @param {Result[]} results @param {boolean} judge */
export function resultTable(results, judge) {
  const head = [
    'workload',
    'side',
    'req/s',
    'p50 ms',
    'p99 ms',
    'CPU service',
    'PostgreSQL',
    'total ms',
    'by req/s',
    'by CPU',
    'target',
  ];
  const rows = results.flatMap(({ name, target, limit, tandem, ratio }) => {
    const figures = (/** @type {Summary} */ s) => [
      s.requestsPerSecond.toFixed(0),
      s.p50.toFixed(2),
      s.p99.toFixed(2),
      s.cpu.service.toFixed(2),
      s.cpu.postgres.toFixed(2),
      s.cpu.total.toFixed(2),
    ];
    const verdict = judge ? `${target.toFixed(2)} ${ratio.cpu >= target ? 'met' : 'missed'}` : target.toFixed(2);
    return [
      [name, 'limit', ...figures(limit), '', '', ''],
      ['', 'Tandem', ...figures(tandem), ratio.requests.toFixed(2), ratio.cpu.toFixed(2), verdict],
    ];
  });
  return table([head, ...rows]);
}
export function machine() {
  return { cores: cpus().length, memoryGiB: Math.round(totalmem() / 2 ** 30), node: process.version };
}
