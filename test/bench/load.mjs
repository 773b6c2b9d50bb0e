// One round of load, in a process of its own: reads { url, requests, connections, seconds } as JSON from standard input
// and writes { requests, seconds, latencies } as JSON, latencies in ms.
import { json } from 'node:stream/consumers';
import autocannon from 'autocannon';

const { url, requests, connections, seconds } = /** @type {any} */ (await json(process.stdin));
/** @type {number[]} */
const latencies = [];
/** @type {string | undefined} */
let wrong;
let next = 0;

const run = autocannon({
  url,
  connections,
  duration: seconds,
  timeout: 10,
  requests,
  setupClient(client) {
    // Every connection begins elsewhere, so that they do not ask for the same thing at the same time.
    const start = Math.floor((next++ * requests.length) / connections);
    client.setRequests([...requests.slice(start), ...requests.slice(0, start)]);
  },
});
run.on('response', (_client, status, _bytes, time) => {
  latencies.push(time);
  if (status < 200 || status > 299) wrong ??= `status ${status}`;
});
run.on('reqError', (error) => (wrong ??= error.message));
const result = await run;
if (wrong) {
  process.stderr.write(`The load met an error: ${wrong}\n`);
  process.exit(1);
}
process.stdout.write(JSON.stringify({ requests: latencies.length, seconds: result.duration, latencies }));
