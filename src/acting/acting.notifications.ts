import { defineTopics } from '#src/notifications/topics.js';
import { actingTexts } from './locales/texts.js';

interface ActingData {
  readonly gid: string;
  readonly expiresAt: string;
}
export const actingTopics = defineTopics(
  'acting',
  {
    'support.acted': {
      description: 'Somebody of the staff looks at the service as the user sees it.',
      data: { gid: 'Id of the session.', expiresAt: 'Until when at most.' },
      params: (_data: ActingData) => ({}),
    },
  },
  actingTexts,
);
