import { readFileSync } from 'node:fs';
import { table } from './report.mjs';

/**
 * @typedef {{ functionName: string, url: string, lineNumber: number }} Frame
 * @typedef {{ id: number, callFrame: Frame, children?: number[] }} ProfileNode
 */

/** What a script belongs to: a package, a part of this project, or Node itself. @param {string} url */
function ownerOf(url) {
  if (url === '') return '(native)';
  if (url.startsWith('node:')) return 'node';
  const inPackage = url.split('/node_modules/').at(-1);
  if (inPackage && inPackage !== url) {
    return inPackage
      .split('/')
      .slice(0, inPackage.startsWith('@') ? 2 : 1)
      .join('/');
  }
  return url.split('/dist/').at(-1) ?? url;
}
/** @param {Frame} frame */
const nameOf = ({ functionName, url, lineNumber }) =>
  `${functionName || '(anonymous)'}  ${url ? `${ownerOf(url)}:${url.split('/').at(-1)}:${lineNumber + 1}` : ''}`;

/**
 * Where the time of a profile goes after `from` ms: by package, and by function with and without what it calls.
 * @param {string} file @param {number} from
 */
export function describeProfile(file, from) {
  /** @type {{ nodes: ProfileNode[], samples: number[], timeDeltas: number[] }} */
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, 'utf8'));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  /** @type {Map<number, number>} */
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  /** @type {Map<number, number>} */
  const times = new Map();
  let time = 0;
  let busy = 0;
  samples.forEach((id, i) => {
    const delta = timeDeltas[i] / 1000;
    time += delta;
    if (time < from || byId.get(id)?.callFrame.functionName === '(idle)') return;
    busy += delta;
    times.set(id, (times.get(id) ?? 0) + delta);
  });
  /** @type {[Map<string, number>, Map<string, number>, Map<string, number>]} */
  const [owners, self, total] = [new Map(), new Map(), new Map()];
  const add = (/** @type {Map<string, number>} */ map, /** @type {string} */ name, /** @type {number} */ ms) =>
    map.set(name, (map.get(name) ?? 0) + ms);
  for (const [id, ms] of times) {
    const node = /** @type {ProfileNode} */ (byId.get(id));
    add(owners, ownerOf(node.callFrame.url), ms);
    add(self, nameOf(node.callFrame), ms);
    // A function that calls itself counts once.
    const stack = new Set();
    for (let at = /** @type {number | undefined} */ (id); at !== undefined; at = parents.get(at)) {
      stack.add(nameOf(/** @type {ProfileNode} */ (byId.get(at)).callFrame));
    }
    for (const name of stack) add(total, name, ms);
  }
  const percent = (/** @type {number} */ ms) => `${((100 * ms) / busy).toFixed(1)} %`;
  const top = (/** @type {Map<string, number>} */ map, /** @type {number} */ count) =>
    [...map].sort((a, b) => b[1] - a[1]).slice(0, count);
  return [
    table([['owner', 'self'], ...top(owners, 25).map(([name, ms]) => [name, percent(ms)])]),
    table([['function', 'self'], ...top(self, 40).map(([name, ms]) => [name, percent(ms)])]),
    table([['function', 'with calls'], ...top(total, 70).map(([name, ms]) => [name, percent(ms)])]),
  ].join('\n\n');
}
