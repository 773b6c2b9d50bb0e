import type { SurfaceCase, SurfaceTable } from '#libs/testing/surfaces.js';
import { nowhere } from '#test/harness/callers.js';
import type { SessionsWorld } from './world.js';

const ofSession =
  'id userId clientId clientName device ip isCurrent isActing lastSeenAt expiresAt isEnded endedAt endReason createdAt updatedAt version'.split(
    ' ',
  );
type Rest = Partial<SurfaceCase>;
const failed = (...details: string[]): Rest => ({ outcome: 'VALIDATION_FAILED', details });
const gone: Rest = { outcome: 'SESSION_NOT_FOUND' };

export function sessionCases({ sessionIds, ids }: SessionsWorld): SurfaceTable {
  const list = (name: string, query: string, args: Record<string, unknown>, rest: Rest = {}): SurfaceCase => ({
    name: `lists ${name}`,
    as: 'ada',
    outcome: 'OK',
    rest: ['GET', `/v1/sessions${query && `?${query}`}`],
    graphql: ['sessions', args],
    ...rest,
  });
  const read = (name: string, id: string, rest: Rest = {}): SurfaceCase => ({
    name: `shows ${name}`,
    as: 'ada',
    outcome: 'OK',
    rest: ['GET', `/v1/sessions/${id}`],
    graphql: ['session', { id }],
    ...rest,
  });
  const end = (name: string, id: string, rest: Rest = {}): SurfaceCase => ({
    name: `ends ${name}`,
    as: 'ada',
    outcome: 'OK',
    rest: ['POST', `/v1/sessions/${id}/end`],
    graphql: ['endSession', { id }],
    ...rest,
  });
  const { phone, laptop, acting, over, ofGrace } = sessionIds;
  const refusedFilter = { outcome: 'FILTER_NOT_ALLOWED', refusedBySchema: true };
  return {
    list: ofSession,
    document: ofSession,
    cases: [
      list('all, those seen last first', '', {}, { rows: 4 }),
      list('those seen first', 'sort=lastSeenAt&limit=1', { sort: [{ field: 'LAST_SEEN_AT' }], first: 1 }, { rows: 1 }),
      list('what is not over', 'isEnded=false', { filter: { isEnded: { eq: false } } }, { rows: 3 }),
      list('what is over, counted', 'isEnded=true&count=true', { filter: { isEnded: { eq: true } } }, { rows: 1 }),
      list('who looks on', 'isActing=true', { filter: { isActing: { eq: true } } }, { rows: 1 }),
      list('an app', 'clientId=tandem-web', { filter: { clientId: { eq: 'tandem-web' } } }, { rows: 2 }),
      list('devices alone', '', {}, { fields: ['device'], rows: 4 }),
      list(
        'a time',
        'lastSeenAt[gte]=2026-01-03T00:00:00Z&lastSeenAt[lt]=2026-01-04T00:00:00Z',
        { filter: { lastSeenAt: { gte: '2026-01-03T00:00:00Z', lt: '2026-01-04T00:00:00Z' } } },
        { rows: 1 },
      ),
      list(
        'one’s own, whoever is asked for',
        `userId=${ids.grace}`,
        { filter: { userId: { eq: ids.grace } } },
        { rows: 0 },
      ),
      list('all for support', '', {}, { as: 'support', rows: 5 }),
      list(
        'those of a user for admins',
        `userId=${ids.ada}`,
        { filter: { userId: { eq: ids.ada } } },
        {
          as: 'admin',
          rows: 4,
        },
      ),
      list('nothing of others for managers', '', {}, { as: 'manager', rows: 0 }),
      list('nothing for anonymous', '', {}, { as: 'anonymous', outcome: 'UNAUTHENTICATED' }),
      list('nothing for the suspended', '', {}, { as: 'suspended', outcome: 'ACCOUNT_SUSPENDED' }),
      list('not by address', 'ip=203.0.113.7', { filter: { ip: { eq: '203.0.113.7' } } }, refusedFilter),
      list('not by device', 'device=x', { filter: { device: { eq: 'x' } } }, refusedFilter),
      list(
        'not sorted by device',
        'sort=device',
        { sort: [{ field: 'DEVICE' }] },
        { outcome: 'SORT_NOT_ALLOWED', refusedBySchema: true },
      ),

      read('one', phone, { shows: { device: 'Chrome on Android', isCurrent: false, isEnded: false, endReason: null } }),
      read('one that is over', over, { shows: { isEnded: true, endReason: 'SIGNED_OUT' } }),
      read('somebody who looks on', acting, { shows: { isActing: true, device: 'Unknown device' } }),
      read('parts of one', laptop, { fields: ['device', 'ip', 'isCurrent'] }),
      read('another’s to support, without where', ofGrace, { as: 'support', shows: { userId: ids.grace } }),
      read('another’s to an admin', ofGrace, { as: 'admin' }),
      read('nothing of another', ofGrace, gone),
      read('nothing of another to a manager', phone, { as: 'manager', ...gone }),
      read('nothing that there is not', nowhere, gone),
      read('nothing by what is no id', 'current', gone),
      read('nothing to anonymous', phone, { as: 'anonymous', outcome: 'UNAUTHENTICATED' }),

      end('one', phone, { shows: { isEnded: true, endReason: 'ENDED_BY_USER', version: 2 } }),
      end('one that is over, which stays as it is', over, { shows: { endReason: 'SIGNED_OUT', version: 1 } }),
      end('another’s as an admin', laptop, { as: 'admin', shows: { endReason: 'ENDED_BY_STAFF' } }),
      end('the one of who looks on', acting, { shows: { isEnded: true, isActing: true } }),
      end('one on the right version', phone, { ifMatch: '"1.x"' }),
      end('none on an old version', phone, { ifMatch: '"7"', outcome: 'PRECONDITION_FAILED' }),
      end('not another’s', ofGrace, gone),
      end('not another’s as support', ofGrace, { as: 'support', outcome: 'FORBIDDEN' }),
      end('nothing that there is not', nowhere, gone),
      end('nothing by anonymous', phone, { as: 'anonymous', outcome: 'UNAUTHENTICATED' }),
      end('nothing while suspended', phone, { as: 'suspended', outcome: 'ACCOUNT_SUSPENDED' }),
    ],
  };
}

export function endAllCases({ ids }: SessionsWorld): SurfaceTable {
  const endAll = (name: string, input: unknown, rest: Rest = {}): SurfaceCase => ({
    name: `ends ${name}`,
    as: 'ada',
    outcome: 'OK',
    rest: ['POST', '/v1/sessions/end-all', input],
    graphql: ['endAllSessions', input === undefined ? {} : { input }],
    ...rest,
  });
  return {
    list: [],
    document: ['count'],
    cases: [
      endAll('all', undefined, { shows: { count: 3 } }),
      endAll('all with nothing said', {}, { shows: { count: 3 } }),
      endAll('all of oneself, by name', { userId: ids.ada }, { shows: { count: 3 } }),
      endAll('all but the current one, which none is', { exceptCurrent: true }, { shows: { count: 3 } }),
      endAll('all where there are none', {}, { as: 'manager', shows: { count: 0 } }),
      endAll('all of another as an admin', { userId: ids.ada }, { as: 'admin', shows: { count: 3 } }),
      endAll('none of nobody', { userId: nowhere }, { as: 'admin', shows: { count: 0 } }),
      endAll('none of another', { userId: ids.grace }, { outcome: 'FORBIDDEN' }),
      endAll('none of another as support', { userId: ids.ada }, { as: 'support', outcome: 'FORBIDDEN' }),
      endAll('none of what is no id', { userId: 'me' }, failed('userId FORMAT', 'userId MIN_LENGTH')),
      endAll('none with an unknown field', { reason: 'x' }, failed('reason UNKNOWN_FIELD')),
      endAll('nothing for anonymous', {}, { as: 'anonymous', outcome: 'UNAUTHENTICATED' }),
      endAll('nothing while suspended', {}, { as: 'suspended', outcome: 'ACCOUNT_SUSPENDED' }),
    ],
  };
}
