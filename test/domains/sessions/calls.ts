import { nowhere, type AccountName } from '#test/harness/callers.js';
import type { Call, Calls, Paths } from '#test/harness/domain-tests.js';
import { command, list, path, read } from '#test/matrix/calls.js';
import type { Caller } from '#test/matrix/expectations.js';
import type { SessionsWorld } from './world.js';

const own = (w: SessionsWorld, caller: Caller) =>
  w.makeSession(caller === 'anonymous' ? 'ada' : (caller satisfies AccountName));
const three = ({ sessionIds }: SessionsWorld) => [sessionIds.phone, sessionIds.laptop, sessionIds.ofGrace];
const end = (id: string) => command('sessions', 'end', 'endSession', id);
const endAll = (input: object): Call => ({
  rest: ['POST', '/v1/sessions/end-all', input],
  graphql: ['endAllSessions', { input }],
});

export const calls: Calls<SessionsWorld> = {
  listSessions: { 'two of Ada’s, one of Grace': (w) => list('sessions', 'sessions', three(w)) },
  getSession: {
    'one’s own': async (w, caller) => read('sessions', 'session', await own(w, caller)),
    'Ada’s': (w) => read('sessions', 'session', w.sessionIds.phone),
    'there is none': () => read('sessions', 'session', nowhere),
  },
  endSession: {
    'one’s own': async (w, caller) => end(await own(w, caller)),
    'Ada’s': async (w) => end(await w.makeSession()),
  },
  endAllSessions: {
    // With the right to others', it is said whose.
    'one’s own': () => endAll({}),
    'Ada’s': (w) => endAll({ userId: w.ids.ada }),
  },
};

const ids = '$ids: [ID!]!';
const theirs = `sessions(filter: { id: { in: $ids } }) { nodes { id clientId device ip isCurrent etag } }`;
export const paths: Paths<SessionsWorld> = {
  'User.sessions': {
    'of all users, Ada’s and Grace’s': (w) =>
      path(
        `query ($users: [ID!]!, ${ids}) { users(filter: { id: { in: $users } }) { nodes { ${theirs} } } }`,
        { users: Object.values(w.ids), ids: three(w) },
        (data) => data.users.nodes.flatMap((user: any) => user.sessions.nodes).length,
      ),
    'of Ada, by her id': (w) =>
      path(
        `query ($id: ID!, ${ids}) { user(id: $id) { ${theirs} } }`,
        { id: w.ids.ada, ids: three(w) },
        (data) => data.user.sessions.nodes.length,
      ),
    'of the caller': (w) =>
      path(`query (${ids}) { me { ${theirs} } }`, { ids: three(w) }, (data) => data.me.sessions.nodes.length),
  },
};
export const rowOf = {
  Session: (w: SessionsWorld, whose: Caller) =>
    whose === 'ada'
      ? w.sessionIds.laptop
      : whose === 'grace'
        ? w.sessionIds.ofGrace
        : w.makeSession(whose as AccountName),
};
