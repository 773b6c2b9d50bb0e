import { v7 as uuidv7 } from 'uuid';
import type { UsersWorld } from '#test/domains/users/world.js';

export interface AccessPart {
  makeRole(fields?: { name?: string; rules?: object[] }): Promise<{ id: string; name: string }>;
}
export type AccessWorld = UsersWorld & AccessPart;

export function accessWorld({ app }: UsersWorld): Promise<AccessPart> {
  const makeRole: AccessPart['makeRole'] = async ({ name, rules = [] } = {}) => {
    const id = uuidv7();
    const made = { id, name: name ?? `made-${id.slice(-12)}` };
    await app.database.sql(`insert into roles (id, name, description, rules) values ($1, $2, 'Made for tests', $3)`, [
      id,
      made.name,
      JSON.stringify(rules),
    ]);
    return made;
  };
  return Promise.resolve({ makeRole });
}
