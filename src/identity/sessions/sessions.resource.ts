import { currentContext } from '#libs/context/request-context.js';
import { resource } from '#libs/database/resource.js';
import { deviceText } from './device-text.js';
import { Session } from './session.entity.js';
import { SessionView } from './sessions.contract.js';

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
