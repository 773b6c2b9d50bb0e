import { spawn } from 'node:child_process';
import { json } from 'node:stream/consumers';
import { cpuOf, cpuOfPostgres } from './cpu.mjs';

/** @typedef {import('./workloads.mjs').Request} Request */
/** @typedef {{ requests: number, seconds: number, latencies: number[], service: number, postgres: number }} Round CPU in ms */

/**
 * One round of load on one service, and what it cost.
 * @param {{ url: string, pid: number }} service
 * @param {number} postmaster
 * @param {{ requests: Request[], connections: number, seconds: number }} load
 * @returns {Promise<Round>}
 */
export async function round({ url, pid }, postmaster, load) {
  const child = spawn(process.execPath, [new URL('load.mjs', import.meta.url).pathname], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const before = { service: cpuOf(pid), postgres: cpuOfPostgres(postmaster) };
  child.stdin.end(JSON.stringify({ url, ...load }));
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const result = await json(child.stdout).catch(() => undefined);
  if ((await exited) !== 0 || !result) throw new Error(`The load on ${url} failed; the reason is above.`);
  return {
    .../** @type {any} */ (result),
    service: cpuOf(pid) - before.service,
    postgres: cpuOfPostgres(postmaster) - before.postgres,
  };
}

/** @param {number[]} values */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length % 2
    ? sorted[(sorted.length - 1) / 2]
    : (sorted[sorted.length / 2 - 1] + sorted[sorted.length / 2]) / 2;
}
/** Medians of the rounds; latencies of all of them together. @param {Round[]} rounds */
export function summarize(rounds) {
  const latencies = rounds.flatMap((r) => r.latencies).sort((a, b) => a - b);
  const requests = latencies.length;
  const at = (/** @type {number} */ share) => latencies[Math.min(requests - 1, Math.floor(share * requests))];
  const perRequest = (/** @type {(r: Round) => number} */ cpu) => median(rounds.map((r) => cpu(r) / r.requests));
  return {
    requestsPerSecond: median(rounds.map((r) => r.requests / r.seconds)),
    p50: at(0.5),
    p99: at(0.99),
    cpu: {
      service: perRequest((r) => r.service),
      postgres: perRequest((r) => r.postgres),
      total: perRequest((r) => r.service + r.postgres),
    },
    rounds: rounds.map(({ latencies: _latencies, ...r }) => r),
  };
}
/** @typedef {ReturnType<typeof summarize>} Summary */
