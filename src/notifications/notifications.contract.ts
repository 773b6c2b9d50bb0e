import { Flag, Input, Instant, Int, Json, Text, View } from '#libs/contract/fields.js';
import { ResourceView } from '#libs/contract/resource-view.js';
import { maxCount } from '#libs/database/reads.js';
import { maxTopicLength } from './topics.js';

@View('Notification', 'Something that a user is told.')
export class NotificationView extends ResourceView {
  @Text({
    maxLength: maxTopicLength,
    pattern: '^[a-z][a-z0-9-]*(\\.[a-z][a-z0-9-]*)+$',
    description: 'What it is about. New topics may be added: show title and body of one that is not known.',
    example: 'order.shipped',
  })
  topic!: string;

  @Text({ maxLength: 200, description: 'In a few words, in the language of the request.', example: 'On its way' })
  title!: string;

  @Text({
    maxLength: 2000,
    description: 'In a sentence or two, in the language of the request.',
    example: 'Your order of €49.90 has been shipped.',
  })
  body!: string;

  @Json({
    description: 'What it is about, for apps: depends on the topic.',
    example: { orderId: '0197f5a0-5a4c-7c3e-9d2b-3f6f5a1b2c3d' },
  })
  data!: Record<string, unknown>;

  @Flag({ description: 'Whether the user has read it.', example: false })
  isRead!: boolean;

  @Instant({ nullable: true, description: 'When the user read it first; null when it is unread.' })
  readAt!: string | null;
}

@View('UnreadNotifications', 'How many notifications the caller has not read.')
export class UnreadNotificationsView {
  @Int({ min: 0, max: maxCount, description: 'How many are unread, counted up to 10,000.', example: 3 })
  count!: number;

  @Flag({ description: 'False when there are more than were counted.' })
  isExact!: boolean;
}

@Input('ReadAllNotificationsInput', 'Which notifications are marked as read.')
export class ReadAllNotificationsInput {
  @Instant({
    optional: true,
    nullable: true,
    description:
      'Only those made until then: the `createdAt` of the newest one that the user has seen, so that what came meanwhile stays unread. Without it all of them.',
  })
  upTo?: string | null;
}
