import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const STILL = 180_000;
const FIRST_NOTICE = 20_000;

/**
 * Waits as long as something moves: on a busy machine nothing else tells a slow start from one that will never end.
 * Says on standard output what is waited for when that takes long.
 */
export class Patience {
  #started = Date.now();
  #movedAt = Date.now();
  #noticeAt = Date.now() + FIRST_NOTICE;
  #position = 0;

  /**
   * @param {string} what is waited for, as the end of "Still waiting for …"
   * @param {() => number} position grows as long as there is progress
   * @param {number} [still] milliseconds without progress after which waiting is of no use
   */
  constructor(what, position, still = STILL) {
    this.what = what;
    this.position = position;
    this.still = still;
  }

  isOver() {
    const now = Date.now();
    if (now - this.#movedAt > 1_000) {
      const position = this.position();
      if (position !== this.#position) this.#movedAt = now;
      this.#position = position;
    }
    if (now > this.#noticeAt) {
      this.#noticeAt = now + (now - this.#started);
      process.stdout.write(`Still waiting for ${this.what} (${Math.round((now - this.#started) / 1_000)} s) …\n`);
    }
    return now - this.#movedAt > this.still;
  }
}

/**
 * Tenths of a second of CPU that a process has used. Where the system does not tell, time itself goes on, and it is the
 * user who loses patience.
 * @param {number} pid
 */
export function cpuTimeOf(pid) {
  try {
    if (process.platform === 'linux') {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
      return Math.floor((Number(fields[11]) + Number(fields[12])) / 10);
    }
    if (process.platform === 'win32') return Date.now();
    const { stdout } = spawnSync('ps', ['-p', String(pid), '-o', 'time='], { encoding: 'utf8' });
    return Number(stdout.replace(/\D/g, ''));
  } catch {
    return 0;
  }
}
