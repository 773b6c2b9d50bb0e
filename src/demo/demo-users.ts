import { people } from './people.js';
import { Random } from './random.js';

export const day = 86_400_000;
export interface UserRow {
  id: string;
  created_at: string;
  updated_at: string;
  email: string;
  display_name: string;
  status: string;
  suspension_reason: string | null;
  locale: string;
  time_zone: string;
  roles: readonly string[];
  preferences: object;
}
/** The accounts: the same ones for the same `now`. */
export function makeUsers(now: Date): UserRow[] {
  const time = now.getTime();
  const random = new Random(20_261_124);
  return people.map((person): UserRow => {
    const at = Math.floor(time - (person.joined + random.next()) * day);
    const joined = new Date(at).toISOString();
    return {
      id: random.id(at),
      created_at: joined,
      updated_at: person.suspended ? new Date(time - 11 * day).toISOString() : joined,
      email: person.email,
      display_name: person.name,
      status: person.suspended ? 'SUSPENDED' : 'ACTIVE',
      suspension_reason: person.suspended ?? null,
      locale: person.locale,
      time_zone: person.timeZone,
      roles: person.roles,
      preferences: person.preferences,
    };
  });
}
