import { resource } from '#libs/database/resource.js';
import { RoleView } from './access.contract.js';
import { Role } from './role.entity.js';

/** No policy names this subject: only admins, who may do everything, see roles. */
export const roles = resource({
  name: 'role',
  plural: 'roles',
  view: RoleView,
  entity: Role,
  subject: 'Role',
  filters: { id: ['in'], name: ['eq', 'in'], builtIn: ['eq'] },
  sorts: ['name', 'createdAt'],
  defaultSort: 'name',
});
