import fc from 'fast-check';
import { fingerprint } from '#libs/testing/snapshot.js';
import type { CallerName } from '#test/harness/callers.js';
import type { Described } from '#test/fuzz/document.js';
import type { Fuzz } from '#test/fuzz/fuzz.js';
import { errorOf } from '#test/fuzz/rest-answers.js';
import { sentOf, validRequest } from '#test/fuzz/rest-requests.js';

const nowhere = '0197f5a0-0000-7000-8000-000000000000';

/** Operations on one row, and the path of the list that it stands in. */
export const onRows = (fuzz: Fuzz): readonly Described[] =>
  fuzz.contract.operations.filter(({ path }) => path.includes('/{id}'));
export const listOf = ({ path }: Described): string => path.slice(0, path.indexOf('/{id}'));

async function idsIn(fuzz: Fuzz, caller: CallerName, path: string): Promise<string[]> {
  const { status, body } = await fuzz.world.clients[caller].get<{ data: { id: string }[] }>(
    `${path}?limit=100&fields=id`,
  );
  return status === 200 ? body.data.map(({ id }) => id) : [];
}
/** Rows that exist and that this caller does not find in the list. */
export async function hiddenFrom(fuzz: Fuzz, caller: CallerName, path: string): Promise<string[]> {
  const seen = new Set(await idsIn(fuzz, caller, path));
  return (await idsIn(fuzz, 'admin', path)).filter((id) => !seen.has(id));
}
/**
 * Tries every operation on rows that the caller cannot see. Tells what was done, what changed, and what was answered
 * otherwise than for a row that does not exist: that would tell that it does.
 */
export async function othersRows(fuzz: Fuzz, caller: CallerName): Promise<{ tried: number; problems: string[] }> {
  const problems: string[] = [];
  let tried = 0;
  const before = await fingerprint(fuzz.world.app.database);
  for (const operation of onRows(fuzz)) {
    const hidden = await hiddenFrom(fuzz, caller, listOf(operation));
    const requests = fc.sample(validRequest(operation, fuzz.words), { numRuns: 3, seed: 7 });
    for (const request of requests) {
      const at = (id: string) => {
        const path = request.path.map(([name, text]) => [name, name === 'id' ? id : text] as const);
        const headers = request.headers.filter(([name]) => name !== 'X-Correlation-Id');
        return fuzz.wire.send(sentOf(operation, { ...request, path, headers }, fuzz.token(caller)));
      };
      const missing = await at(nowhere);
      for (const id of hidden.slice(0, 3)) {
        tried++;
        const answer = await at(id);
        const where = `${caller}: ${operation.id} of ${id}`;
        if (answer.status < 400) problems.push(`${where}: ${answer.status}`);
        else {
          const comparable = (text: string) => JSON.stringify({ ...errorOf(text), correlationId: '' });
          if (answer.status !== missing.status || comparable(answer.text) !== comparable(missing.text))
            problems.push(
              `${where}: ${answer.status} ${errorOf(answer.text).code}, of nothing ${errorOf(missing.text).code}`,
            );
        }
      }
    }
  }
  if ((await fingerprint(fuzz.world.app.database)) !== before) problems.push(`${caller}: something was changed`);
  return { tried, problems };
}
