import { resource } from '#libs/database/resource.js';
import { Notification } from './notification.entity.js';
import { NotificationView } from './notifications.contract.js';
import { textOf } from './topics.js';

const text = (part: 'title' | 'body') => ({
  from: ['topic', 'data'],
  value: ([topic, data]: readonly any[], locale: Parameters<typeof textOf>[3]) =>
    textOf(part, topic as string, data as object, locale),
});
export const notifications = resource({
  name: 'notification',
  plural: 'notifications',
  view: NotificationView,
  entity: Notification,
  subject: 'Notification',
  personal: 'userId',
  filters: { id: ['in'], topic: ['eq', 'in'], isRead: ['eq'], createdAt: ['gte', 'lt'] },
  sorts: ['createdAt'],
  defaultSort: '-createdAt',
  computed: { title: text('title'), body: text('body') },
});
