import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createContext, runInContext } from '#libs/context/request-context.js';
import { errorForLog, scrub } from './error-for-log.js';
import { Logging } from './logging.js';

function capture(level = 'info') {
  const lines: Record<string, any>[] = [];
  const logging = new Logging({ level, stream: { write: (line: string) => void lines.push(JSON.parse(line)) } });
  return { lines, logger: logging.logger };
}

describe('Logging', () => {
  it('writes the ids of the request at hand, and none outside of one', () => {
    const { lines, logger } = capture();
    runInContext(createContext('', { 'x-correlation-id': 'c-1' }), () => logger.info('inside'));
    logger.child({ context: 'x' }).info('outside');
    expect(lines[0]).toMatchObject({ level: 'info', msg: 'inside', correlationId: 'c-1' });
    expect(lines[1]).not.toHaveProperty('correlationId');
  });
  it('redacts secrets wherever they turn up', () => {
    const { lines, logger } = capture();
    logger.info({ password: 'SECRET', user: { email: 'SECRET' }, req: { headers: { authorization: 'SECRET' } } });
    logger.info({ headers: { 'set-cookie': 'SECRET' }, refreshToken: 'SECRET', a: { b: { cookie: 'SECRET' } } });
    expect(JSON.stringify(lines)).not.toContain('SECRET');
    expect(lines[0].password).toBe('[redacted]');
  });
  it('keeps the values of a database error to itself', () => {
    const { lines, logger } = capture();
    const error = Object.assign(new Error("insert into users values ('SECRET')"), {
      code: '23505',
      detail: 'Key (email)=(SECRET) already exists.',
      constraint: 'users_email_key',
      table: 'users',
    });
    logger.error(error);
    logger.error({ err: new Error('outer', { cause: error }) });
    expect(JSON.stringify(lines)).not.toContain('SECRET');
    expect(lines[0].err).toMatchObject({ code: '23505', constraint: 'users_email_key', table: 'users' });
    expect(lines[0].msg).toBe('SQLSTATE 23505');
    expect(lines[0].err.stack).toMatch(/logging\.spec\.ts/);
    expect(lines[1]).toMatchObject({ msg: 'outer', err: { cause: { message: 'SQLSTATE 23505' } } });
  });
  it('tells the time like everybody else', async () => {
    const { lines, logger } = capture();
    const from = Date.now();
    for (let i = 0; i < 3; i++) {
      logger.info('tick');
      await delay(400);
    }
    for (const { time } of lines) {
      expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect(Date.parse(time as string)).toBeGreaterThanOrEqual(from);
      expect(Date.parse(time as string)).toBeLessThanOrEqual(Date.now());
    }
  });
  it('takes anything that was thrown', () => {
    const { lines, logger } = capture();
    for (const err of ['a@b.example', null, 7, { a: 1 }]) logger.error({ err });
    expect(lines.map((line) => line.err.type)).toEqual(['string', 'object', 'number', 'object']);
    expect(JSON.stringify(lines)).not.toContain('a@b.example');
  });
  it('says at level debug only which routes a start finds', () => {
    const { lines, logger } = capture('info');
    logger.info({ context: 'RouterExplorer' }, 'Mapped {/, GET} route');
    logger.warn({ context: 'RouterExplorer' }, 'something is wrong');
    expect(lines.map((line) => line.msg)).toEqual(['something is wrong']);
  });
  const child = (how: string) =>
    spawnSync(process.execPath, ['--conditions=source', '--no-warnings', 'test/wire/logging-at-exit.ts', how], {
      encoding: 'utf8',
      cwd: resolve(import.meta.dirname, '../..'),
      env: {},
    });
  it.each([
    ['ends by itself', 'end', 0],
    ['exits', 'exit', 0],
    ['crashes', 'crash', 1],
    ['crashes and says so', 'logged crash', 1],
  ])('has written everything when the process %s', (_name, how, status) => {
    const { status: exitCode, stdout, stderr } = child(how);
    expect([exitCode, stdout.match(/the last words/g)], stderr).toEqual([status, ['the last words']]);
  });
  it('logs a crash like any other error', () => {
    const { stdout } = child('logged crash');
    const line = JSON.parse(stdout.trim().split('\n').at(-1)!) as Record<string, any>;
    expect(line).toMatchObject({ level: 'fatal', msg: 'crash', err: { message: 'crash of [email]' } });
  });
});

describe('errorForLog', () => {
  it('ends with a chain of causes that bites its own tail', () => {
    const error = new Error('a');
    error.cause = error;
    expect(JSON.stringify(errorForLog(error)).length).toBeLessThan(10_000);
  });
});

describe('scrub', () => {
  it.each([
    ['mail to a.b+c@example.co.uk, please', 'mail to [email], please'],
    ['Authorization: Bearer abc.DEF-1_~+/=', 'Authorization: Bearer [token]'],
    ['token eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln', 'token [token]'],
    ['connect postgres://u:p@h:5432/d', 'connect postgres://[credentials]@h:5432/d'],
    ['order 17 at 10:00', 'order 17 at 10:00'],
  ])('%s', (text, scrubbed) => expect(scrub(text)).toBe(scrubbed));
  it('is linear in what it reads', () => {
    const started = performance.now();
    for (let i = 0; i < 100; i++) scrub('a@'.repeat(100_000));
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
