import { readFileSync } from 'node:fs';
import { table } from './report.mjs';

/** @typedef {{ id: number, callFrame: { functionName: string, url: string, lineNumber: number } }} ProfileNode */

/** What a script belongs to: a package, a part of this project, or Node itself. @param {string} url */
function ownerOf(url) {
  if (url === '') return '(native)';
  if (url.startsWith('node:')) return 'node';
  const inPackage = url.split('/node_modules/').at(-1);
  if (inPackage && inPackage !== url)
    return inPackage
      .split('/')
      .slice(0, inPackage.startsWith('@') ? 2 : 1)
      .join('/');
  return url.split('/dist/').at(-1) ?? url;
}

/**
 * Where the time of a profile goes after `from` ms, by function and by package.
 * @param {string} file @param {number} from
 */
export function describeProfile(file, from) {
  /** @type {{ nodes: ProfileNode[], samples: number[], timeDeltas: number[] }} */
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, 'utf8'));
  const byId = new Map(nodes.map((node) => [node.id, node.callFrame]));
  /** @type {Map<string, number>} */
  const functions = new Map();
  /** @type {Map<string, number>} */
  const owners = new Map();
  let time = 0;
  let busy = 0;
  samples.forEach((id, i) => {
    const delta = timeDeltas[i] / 1000;
    time += delta;
    const frame = byId.get(id);
    if (time < from || !frame || frame.functionName === '(idle)') return;
    busy += delta;
    const owner = ownerOf(frame.url);
    const name = `${frame.functionName || '(anonymous)'}  ${frame.url ? `${owner}:${frame.url.split('/').at(-1)}:${frame.lineNumber + 1}` : ''}`;
    functions.set(name, (functions.get(name) ?? 0) + delta);
    owners.set(owner, (owners.get(owner) ?? 0) + delta);
  });
  const top = (/** @type {Map<string, number>} */ map, /** @type {number} */ count) =>
    [...map]
      .sort((a, b) => b[1] - a[1])
      .slice(0, count)
      .map(([name, ms]) => [name, `${((100 * ms) / busy).toFixed(1)} %`]);
  return `${table([['owner', 'self'], ...top(owners, 25)])}\n\n${table([['function', 'self'], ...top(functions, 45)])}`;
}
