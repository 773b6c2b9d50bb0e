import { resource } from '#libs/database/resource.js';
import { Client } from './client.entity.js';
import { ClientView } from './clients.contract.js';

/** No policy names this subject: only admins, who may do everything, see clients. */
export const clients = resource({
  name: 'client',
  plural: 'clients',
  view: ClientView,
  entity: Client,
  subject: 'Client',
  filters: {
    id: ['in'],
    clientId: ['eq', 'in'],
    name: ['contains'],
    kind: ['eq', 'in'],
    isDisabled: ['eq'],
    createdAt: ['gte', 'lt'],
  },
  sorts: ['createdAt', 'name'],
  defaultSort: '-createdAt',
});
