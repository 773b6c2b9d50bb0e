import { setTimeout as pause } from 'node:timers/promises';

const tries = 20;

/**
 * A client as the contract wants it: UNAVAILABLE (a connection or a lock was not to be had in time) means that nothing
 * was done, so it tries again. Everything else is an outcome.
 */
export async function persistent(attempt: () => Promise<string>): Promise<string> {
  for (let i = 1; ; i++) {
    const code = await attempt();
    if (code !== 'UNAVAILABLE' || i === tries) return code;
    await pause(20 + Math.random() * 100);
  }
}
