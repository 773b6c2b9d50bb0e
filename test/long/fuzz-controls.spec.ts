import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Injectable } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Statements, type Row, type Statement } from '#libs/database/statements.js';
import { Fuzz } from '#test/fuzz/fuzz.js';
import { fuzzGraphql } from '#test/fuzz/graphql.js';
import { fuzzRest } from '#test/fuzz/rest.js';
import { marker } from '#test/fuzz/values.js';

interface Spoken {
  readonly status: number;
  readonly text: string;
}
/** What is made of an answer, by what was asked. */
type Lie = (asked: { method: string; url: string; body: string; correlationId: string }, answer: Spoken) => Spoken;

const truth: Lie = (_, answer) => answer;
let lie = truth;
let server: Server;
/** A server in front of the service that passes everything on, and answers something else now and then. */
const lying = async (target: string) => {
  server = createServer((incoming, outgoing) => {
    void (async () => {
      const body = await textOf(incoming);
      const { host: _host, connection: _connection, 'content-length': _length, ...headers } = incoming.headers;
      const method = incoming.method!;
      const answer = await fetch(target + incoming.url!, {
        method,
        headers: headers as Record<string, string>,
        ...(body.length > 0 && method !== 'GET' && { body }),
      });
      const told = lie(
        { method, url: incoming.url!, body: body.toString(), correlationId: answer.headers.get('x-correlation-id')! },
        { status: answer.status, text: await answer.text() },
      );
      outgoing.statusCode = told.status;
      for (const [name, value] of answer.headers)
        if (!['content-encoding', 'content-length', 'transfer-encoding', 'connection'].includes(name))
          outgoing.setHeader(name, value);
      outgoing.end(told.status === 304 || told.status === 204 ? undefined : told.text);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};
async function textOf(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

let fuzz: Fuzz;
beforeAll(async () => {
  fuzz = await Fuzz.start({ through: lying });
});
afterAll(async () => {
  await fuzz.stop();
  server.close();
  server.closeAllConnections();
});
beforeEach(() => {
  lie = truth;
});
const few = { seed: 1, runs: 12, callers: ['admin'] } as const;
async function found(told: Lie, id: string): Promise<string> {
  lie = told;
  return (await fuzzRest(fuzz, { ...few, operations: (operation) => operation.id === id })).join('\n');
}
async function foundByGraphql(told: Lie, name: string): Promise<string> {
  // The schema comes past the liar too.
  lie = ({ url, ...asked }, answer) => (url.startsWith('/graphql') ? told({ url, ...asked }, answer) : answer);
  return (await fuzzGraphql(fuzz, { ...few, fields: (field) => field.name === name })).join('\n');
}

describe('the fuzz finds', { timeout: 60_000 }, () => {
  it('nothing where there is nothing', async () => {
    expect(await found(truth, 'getUser')).toBe('');
    expect(await foundByGraphql(truth, 'user')).toBe('');
  });
  it('a status that is not declared', async () => {
    const told: Lie = (_, answer) => (answer.status === 404 ? { ...answer, status: 410 } : answer);
    expect(await found(told, 'getUser')).toContain('status 410 is not declared');
  });
  it('a 500', async () => {
    const told: Lie = ({ url }, answer) => (url.includes(marker) ? { ...answer, status: 500 } : answer);
    expect(await found(told, 'listUsers')).toContain('a 500');
  });
  it('an answer with a member that no schema names', async () => {
    const told: Lie = (_, { status, text }) => ({
      status,
      text: status === 200 ? text.replace(/^\{/, '{"passwordHash":"x",') : text,
    });
    expect(await found(told, 'getUser')).toMatch(/breaks its schema.*passwordHash/);
  });
  it('an answer with a value of another type', async () => {
    const told: Lie = (_, { status, text }) => ({ status, text: text.replace(/"version":\d+/, '"version":"one"') });
    expect(await found(told, 'getUser')).toMatch(/\/version must be integer/);
  });
  it('invalid input that is accepted', async () => {
    const { text } = await fuzz.world.clients.admin.get('/v1/users/me');
    const told: Lie = ({ body }, answer) => {
      const { code } = (JSON.parse(answer.text || '{}') as { error?: { code: string } }).error ?? {};
      const isOurs = code === 'VALIDATION_FAILED' && body.startsWith('{') && !answer.text.includes('timeZone');
      return isOurs ? { status: 200, text } : answer;
    };
    expect(await found(told, 'updateMe')).toMatch(/accepted, although .*body/);
  });
  it('valid input that is refused', async () => {
    const refusal = { code: 'VALIDATION_FAILED', message: 'No.', details: [], correlationId: 'x' };
    const told: Lie = ({ body }, answer) =>
      body.includes('"locale"') ? { status: 400, text: JSON.stringify({ error: refusal }) } : answer;
    expect(await found(told, 'updateMe')).toContain('refused, although the document allows it');
  });
  it('a refusal that changed something', async () => {
    const told: Lie = ({ method, correlationId }, answer) => {
      if (method !== 'PATCH' || answer.status !== 200) return answer;
      const error = { code: 'PRECONDITION_FAILED', message: 'No.', details: [], correlationId };
      return { status: 412, text: JSON.stringify({ error }) };
    };
    expect(await found(told, 'updateMe')).toContain('refused, and yet the tables changed');
  });
  it('a leak', async () => {
    const canary = fuzz.world.app.sniffer.plant('control', ['ada']);
    const told: Lie = (_, { status, text }) => ({ status, text: `${text} ${canary}` });
    expect(await found(told, 'me')).toContain(`admin was given ${canary}`);
  });
  it('an error of GraphQL without a code of the catalogue', async () => {
    const told: Lie = (_, { status, text }) => ({
      status,
      text: text.replace('"VALIDATION_FAILED"', '"BAD_USER_INPUT"'),
    });
    expect(await foundByGraphql(told, 'updateMe')).toContain('BAD_USER_INPUT is not in the catalogue');
  });
  it('data of GraphQL that breaks the schema', async () => {
    const told: Lie = (_, { status, text }) => ({ status, text: text.replace(/"version":\d+/, '"version":null') });
    expect(await foundByGraphql(told, 'user')).toMatch(/data\.user\.version is null/);
  });
  it('a mutation that is accepted although its input is invalid', async () => {
    const told: Lie = (_, answer) =>
      answer.text.includes('"VALIDATION_FAILED"') ? { status: 200, text: '{"data":{"updateMe":{}}}' } : answer;
    expect(await foundByGraphql(told, 'updateMe')).toContain('accepted, although');
  });
  it('a value in the text of a statement', async () => {
    /** Tells the database what it looks for in a comment, as loggers of queries do. */
    @Injectable()
    class Chatty extends Statements {
      override run(statement: Statement, values: readonly unknown[], em?: EntityManager): Promise<Row[]> {
        return super.run({ text: `${statement.text} -- ${String(values[0]).replaceAll(/\s/g, ' ')}` }, values, em);
      }
    }
    const chatty = await Fuzz.start({ override: (builder) => builder.overrideProvider(Statements).useClass(Chatty) });
    await fuzzRest(chatty, { ...few, operations: ({ id }) => id === 'getUser' });
    expect(chatty.textsWithValues()).not.toEqual([]);
    await chatty.stop();
  });
});
