/**
 * @typedef {{ signal: AbortSignal, whenRequested: Promise<void>, forced: boolean, whenForced(callback: () => void): void }} StopRequest
 */

/** One Ctrl-C arrives several times: from the terminal, from npm and from the process that started us. */
const SAME_WISH = 1_000;

/**
 * Turns signals, and the end of the process above us, into one request to stop. A second signal later on means at once.
 * @param {(callback: () => void) => void} whenParentEnds
 * @returns {StopRequest}
 */
export function listenForStop(whenParentEnds) {
  const controller = new AbortController();
  /** @type {(() => void)[]} */
  const callbacks = [];
  let firstAt = 0;
  const { promise, resolve } = Promise.withResolvers();
  const request = {
    signal: controller.signal,
    whenRequested: promise,
    forced: false,
    whenForced: (/** @type {() => void} */ callback) => void callbacks.push(callback),
  };
  const ask = () => {
    firstAt = Date.now();
    controller.abort();
    resolve(undefined);
  };
  for (const name of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(name, () => {
      if (!controller.signal.aborted) {
        ask();
      } else if (!request.forced && Date.now() - firstAt > SAME_WISH) {
        request.forced = true;
        for (const callback of callbacks) callback();
      }
    });
  }
  whenParentEnds(() => controller.signal.aborted || ask());
  return request;
}
