import { currentContext } from '#libs/context/request-context.js';
import { resource } from '#libs/database/resource.js';
import { publicText } from '#libs/errors/error-body.js';
import type { Locale } from '#libs/messages/messages.js';
import { Session } from './session.entity.js';
import { SessionView } from './sessions.contract.js';

/** `Chrome · Android` in words. */
export function deviceText(label: string, locale: Locale): string {
  const [program, system] = label.split(' · ');
  if (!program) return publicText('session.device-unknown', locale);
  return system === undefined ? program : publicText('session.device', locale, { program, system });
}

export const sessions = resource({
  name: 'session',
  plural: 'sessions',
  view: SessionView,
  entity: Session,
  subject: 'Session',
  filters: {
    id: ['in'],
    userId: ['eq', 'in'],
    clientId: ['eq', 'in'],
    isEnded: ['eq'],
    isActing: ['eq'],
    lastSeenAt: ['gte', 'lt'],
  },
  sorts: ['lastSeenAt'],
  defaultSort: '-lastSeenAt',
  computed: {
    device: { from: ['deviceLabel'], value: ([label], locale) => deviceText(label as string, locale) },
    isCurrent: { from: ['id'], value: ([id]) => id === currentContext()?.sessionId, isLocalized: false },
  },
  dependsOnSession: true,
});
