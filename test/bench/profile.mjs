import { readFileSync } from 'node:fs';
import { table } from './report.mjs';

/**
 * @typedef {{ functionName: string, url: string, lineNumber: number }} Frame
 * @typedef {{ id: number, callFrame: Frame, children?: number[] }} ProfileNode
 */

/** Where files begin in a script of the build, by script. @type {Map<string, [line: number, path: string][]>} */
const bundled = new Map();
/** The file that a line of a script was bundled from; elsewhere the script. @param {Frame} frame */
function sourceOf({ url, lineNumber }) {
  if (!url.includes('/dist/')) return url;
  let files = bundled.get(url);
  if (!files) {
    files = readFileSync(new URL(url), 'utf8')
      .split('\n')
      .flatMap((text, line) => {
        const path = /^\/\/ ((?:node_modules|src|libs)\/\S+)$/.exec(text)?.[1];
        return path ? [/** @type {[number, string]} */ ([line, `/${path}`])] : [];
      });
    bundled.set(url, files);
  }
  return files.findLast(([line]) => line <= lineNumber)?.[1] ?? url;
}
/** What a line belongs to: a package, a part of this project, or Node itself. @param {Frame} frame */
function ownerOf(frame) {
  if (frame.url === '') return '(native)';
  if (frame.url.startsWith('node:')) return 'node';
  const url = sourceOf(frame);
  const inPackage = url.split('/node_modules/').at(-1);
  if (inPackage && inPackage !== url) {
    return inPackage
      .split('/')
      .slice(0, inPackage.startsWith('@') ? 2 : 1)
      .join('/');
  }
  return (url.split('/dist/').at(-1) ?? url).replace(/^\//, '');
}
/** @param {Frame} frame */
const nameOf = (frame) =>
  `${frame.functionName || '(anonymous)'}  ${frame.url ? `${ownerOf(frame)}:${sourceOf(frame).split('/').at(-1)}` : ''}`;

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
    add(owners, ownerOf(node.callFrame), ms);
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
