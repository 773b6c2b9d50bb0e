import { resource } from '#libs/database/resource.js';
import { User } from './user.entity.js';
import { UserView } from './users.contract.js';

export const users = resource({
  name: 'user',
  plural: 'users',
  view: UserView,
  entity: User,
  subject: 'User',
  filters: {
    id: ['in'],
    email: ['eq', 'contains'],
    displayName: ['contains'],
    status: ['eq', 'ne', 'in'],
    roles: ['has'],
    locale: ['eq', 'in'],
    createdAt: ['gte', 'lt'],
  },
  sorts: ['createdAt', 'displayName'],
  defaultSort: '-createdAt',
});
