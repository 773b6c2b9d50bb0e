import { v7 as uuidv7 } from 'uuid';
import type { AccountName } from '#test/harness/callers.js';
import type { UsersWorld } from '#test/domains/users/world.js';

interface Made {
  readonly device?: string;
  readonly clientId?: string;
  readonly endReason?: string | null;
  readonly lastSeenAt?: string;
  readonly actedBy?: AccountName;
}
export interface SessionsPart {
  /** Ada is signed in on two devices, support looks on as her, and one session of hers is over; Grace has one. */
  readonly sessionIds: Readonly<Record<'phone' | 'laptop' | 'acting' | 'over' | 'ofGrace', string>>;
  /** Another one of this account; inserted as SQL. */
  makeSession(whose?: AccountName, fields?: Made): Promise<string>;
}
export type SessionsWorld = UsersWorld & SessionsPart;

export async function sessionsWorld({ app, ids }: UsersWorld): Promise<SessionsPart> {
  const { database, sniffer } = app;
  const makeSession: SessionsPart['makeSession'] = async (whose = 'ada', fields = {}) => {
    const { device = 'Chrome · Android', clientId = 'tandem-mobile', endReason = null, actedBy } = fields;
    const id = uuidv7();
    await database.sql(
      `insert into sessions (id, user_id, client_id, client_name, device, ip, last_seen_at, ended_at, end_reason, acted_by)
       values ($1, $2, $3, 'Tandem', $4, $5, $6, case when $7::text is not null then now() end, $7, $8)`,
      [
        id,
        ids[whose],
        clientId,
        device,
        sniffer.plant(`ip-${whose}`, [whose, 'admin']),
        fields.lastSeenAt ?? '2026-01-01T08:00:00Z',
        endReason,
        actedBy ? ids[actedBy] : null,
      ],
    );
    return id;
  };
  const sessionIds = {
    phone: await makeSession('ada', { lastSeenAt: '2026-01-04T08:00:00Z' }),
    laptop: await makeSession('ada', {
      device: 'Firefox · Windows',
      clientId: 'tandem-web',
      lastSeenAt: '2026-01-03T08:00:00Z',
    }),
    acting: await makeSession('ada', { device: '', clientId: 'tandem-web', actedBy: 'support' }),
    over: await makeSession('ada', { endReason: 'SIGNED_OUT', lastSeenAt: '2026-01-02T08:00:00Z' }),
    ofGrace: await makeSession('grace'),
  };
  return { sessionIds, makeSession };
}
