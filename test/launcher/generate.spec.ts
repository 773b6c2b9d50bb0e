import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { main } from '../../launcher/generate.mjs';
import { Launched, projectRoot } from './launched.js';

const env = { DATA_DIR: '/nonexistent' };
const state = () =>
  spawnSync('git', ['status', '--porcelain', 'src', 'test/domains'], { cwd: projectRoot }).stdout.toString();
const before = state();
async function generate(...args: string[]) {
  const launched = new Launched({ args: ['generate', ...args], env });
  const code = await launched.exited;
  return { code, stdout: launched.stdout, stderr: launched.stderr };
}

describe('npm run generate refuses', () => {
  it.each<[string, string, ...string[]]>([
    ['no name', 'What is the domain called?'],
    ['two names', 'One domain at a time.', 'tickets', 'notes'],
    ['what is no name', '"1st thing" cannot be the name of a domain.', '1st thing'],
    ['a way out of the folder', '"../x" cannot be the name of a domain.', '../x'],
    ['a name without a plural', 'would both be', 'news', '--plural', 'news'],
    ['a domain that is there', 'A domain users cannot be made', 'user'],
    ['a type that is there', 'a class Money would hide one that every domain uses', 'money'],
    ['a word of the language', 'class is a word of JavaScript', 'class', '--plural', 'classes'],
    ['an unknown option', "Unknown option '--nope'", 'tickets', '--nope'],
    ['what is no field', '"subject" is not a field', 'tickets', '--fields', 'subject'],
    ['an unknown kind', 'varchar is no kind', 'tickets', '--fields', 'a:varchar'],
    ['a field twice', 'a is there already', 'tickets', '--fields', 'a:text a:int'],
    ['a field that every row has', 'every row has it', 'tickets', '--fields', 'version:int'],
    ['a column that SQL reserves', 'PostgreSQL reserves it', 'tickets', '--fields', 'order:int'],
    ['an unknown domain', 'There is no domain nowhere', 'tickets', '--fields', 'aId:id->nowhere'],
    ['bounds that are none', 'its bounds make no range', 'tickets', '--fields', 'a:int(9..1)'],
    ['a default out of bounds', 'its default is no integer within its bounds', 'tickets', '--fields', 'a:int(1..5)=9'],
    [
      'an owner that may be absent',
      'aId cannot say whose row it is',
      'tickets',
      '--owner',
      'aId',
      '--fields',
      'aId:id->users?',
    ],
    ['an owner of what is shared', 'What is shared has no owner.', 'tickets', '--owner', 'aId', '--shared'],
    [
      'a table without a database',
      'There is no database to read the table from.',
      'tickets',
      '--from-table',
      'tickets',
    ],
  ])('%s', async (_name, message, ...args) => {
    const refused = main({ root: projectRoot, args, env });
    await expect(refused).rejects.toMatchObject({ name: 'Failure', message: expect.stringContaining(message) });
    expect(state()).toBe(before);
  });
  it('on the terminal, with a code', async () => {
    const { code, stderr, stdout } = await generate('user');
    expect(stderr).toContain('A domain users cannot be made');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });
});

it('npm run generate --dry-run lists what it would write, and writes nothing', async () => {
  const { code, stdout } = await generate('support-ticket', '--dry-run');
  expect(code).toBe(0);
  expect(stdout).toContain('src/support-tickets/support-ticket.entity.ts');
  expect(stdout).toContain(join('test', 'domains', 'domains.ts'));
  expect(state()).toBe(before);
});
it('npm run generate --help names every kind of field', async () => {
  const { code, stdout } = await generate('--help');
  expect(code).toBe(0);
  for (const kind of ['text', 'email', 'int', 'bigint', 'flag', 'instant', 'choice', 'money', 'json', 'texts', 'id'])
    expect(stdout).toMatch(new RegExp(`^  ${kind}\\b`, 'm'));
});
