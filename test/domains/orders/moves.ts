import { isDeepStrictEqual } from 'node:util';
import { silent } from '#test/matrix/coverage.js';
import { callers, type Caller, type Row } from '#test/matrix/expectations.js';
import { surfaces, type Matrix, type Surface } from '#test/matrix/matrix.js';
import { move } from './calls.js';
import { moveResults, moves } from './expected.js';
import { orderStatuses, type OrdersWorld, type WorldStatus } from './world.js';

/** Moves from a status that have no row; rows of moves that there are not, and rows that lack a caller. */
export function uncoveredMoves(): string[] {
  const possible = Object.keys(moveResults).flatMap((verb) => orderStatuses.map((status) => `${verb} from ${status}`));
  const rows = moves.map((row) => `${row.operation} from ${row.situation}`);
  return [
    ...possible.filter((name) => !rows.includes(name)).map((name) => `${name} has no row`),
    ...rows.filter((name) => !possible.includes(name)).map((name) => `there is no ${name}`),
    ...silent(moves),
  ];
}
/** One move of orders of Ada's that are in this status, as these callers: where the expectations speak of something else. */
export async function wrongMoves(
  { app, makeOrder }: OrdersWorld,
  matrix: Matrix,
  { operation: verb, situation: from, outcomes }: Row,
  as: readonly Caller[] = callers,
): Promise<string[]> {
  const stateOf = async (id: string): Promise<{ status: string }> => {
    const [row] = await app.database.sql<{ status: string }>(
      `select o.*, (select array_agg(h order by number) from order_history h where order_id = o.id) as history,
              (select array_agg(l order by position) from order_lines l where order_id = o.id) as lines
       from orders o where id = $1`,
      [id],
    );
    return row;
  };
  const one = async (caller: Caller, surface: Surface) => {
    const id = await makeOrder(from as WorldStatus);
    const before = await stateOf(id);
    const want = outcomes[caller];
    const wrong = await matrix.cell(surface, move(verb, id), caller, want);
    const after = await stateOf(id);
    const who = `${surface} as ${caller}`;
    if (want !== 'ok' && !isDeepStrictEqual(after, before)) wrong.push(`${who}: it has changed`);
    if (want === 'ok' && after.status !== moveResults[verb]) wrong.push(`${who}: it is ${after.status} now`);
    return wrong;
  };
  const all = await Promise.all(as.flatMap((caller) => surfaces.map((surface) => one(caller, surface))));
  return all.flat().map((w) => `${verb} from ${from}: ${w}`);
}
