import { parseArgs } from 'node:util';

const HELP = `Usage: node test/bench/bench.mjs [options]

Compares Tandem with a hand-written server on the same database. Build first: it measures dist/.

  --quick              a small database and one second each: shows that everything runs, says nothing about speed
  --only a,b           only these workloads (names are in the table)
  --seconds n          length of a round (6)
  --rounds n           rounds of each side (3)
  --connections n      connections of the client (8)
  --json file          also writes the figures there
  --data folder        keeps the database there, and uses the one that is there
  --profile workload   runs one workload on Tandem under the profiler and prints where the time goes
  --side limit         profiles the hand-written server instead
`;

/** @param {string[]} args */
export function readOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      seconds: { type: 'string' },
      rounds: { type: 'string' },
      connections: { type: 'string', default: '8' },
      json: { type: 'string' },
      data: { type: 'string' },
      profile: { type: 'string' },
      side: { type: 'string', default: 'tandem' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    process.exit(0);
  }
  const { quick, json, data, profile, side } = values;
  return {
    quick,
    json,
    data,
    profile,
    side,
    only: values.only?.split(','),
    connections: Number(values.connections),
    seconds: Number(values.seconds ?? (quick ? 1 : 6)),
    rounds: Number(values.rounds ?? (quick ? 1 : 3)),
    warmUpSeconds: quick ? 1 : 6,
  };
}
