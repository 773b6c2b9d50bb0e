export interface DemoPerson {
  readonly email: string;
  readonly name: string;
  readonly locale: string;
  readonly timeZone: string;
  readonly roles: readonly string[];
  /** How busy this person is, beside the others. */
  readonly appetite: number;
  /** Days before today on which the account was made. */
  readonly joined: number;
  readonly preferences: Readonly<Record<string, string | boolean>>;
  readonly suspended?: string;
}

const staff = (email: string, name: string, locale: string, timeZone: string, ...roles: string[]): DemoPerson => ({
  email: `${email}@tandem.example`,
  name,
  locale,
  timeZone,
  roles,
  appetite: 0,
  joined: 720,
  preferences: { theme: 'dark', newsletter: false },
});
const customer = (
  email: string,
  name: string,
  locale: string,
  timeZone: string,
  appetite: number,
  joined: number,
  preferences: DemoPerson['preferences'],
  suspended?: string,
): DemoPerson => ({ email, name, locale, timeZone, roles: ['customer'], appetite, joined, preferences, suspended });

/** Everybody in the demo data. The addresses of `tandem.example` are the accounts that a developer signs in with. */
export const people: readonly DemoPerson[] = [
  staff('admin', 'Ines Albrecht', 'de', 'Europe/Berlin', 'admin'),
  staff('manager', 'Marek Dvořák', 'en', 'Europe/Prague', 'manager'),
  staff('yuki.tanaka', 'Yuki Tanaka', 'en', 'Europe/Berlin', 'manager', 'support'),
  staff('support', 'Siobhán Kelly', 'en', 'Europe/Dublin', 'support'),
  staff('jonas.petersen', 'Jonas Petersen', 'de', 'Europe/Berlin', 'support'),
  staff('leila.haddad', 'Leïla Haddad', 'fr', 'Europe/Paris', 'support', 'customer'),
  customer('ada@tandem.example', 'Ada Lovelace', 'en', 'Europe/London', 9, 700, { theme: 'light', newsletter: true }),
  customer('grace@tandem.example', 'Grace Hopper', 'en', 'America/New_York', 8, 690, {
    theme: 'dark',
    newsletter: true,
  }),
  customer('katja.brandt@example.com', 'Katja Brandt', 'de', 'Europe/Berlin', 7, 650, {
    theme: 'light',
    newsletter: true,
  }),
  customer('mateo.alvarez@example.com', 'Mateo Álvarez', 'es', 'Europe/Madrid', 5, 610, {
    theme: 'system',
    newsletter: false,
  }),
  customer('chiara.rossi@example.org', 'Chiara Rossi', 'it', 'Europe/Rome', 5, 580, {
    theme: 'light',
    newsletter: true,
  }),
  customer('thomas.weber@example.com', 'Thomas Weber', 'de', 'Europe/Vienna', 6, 560, {
    theme: 'dark',
    newsletter: false,
  }),
  customer('amelie.dubois@example.net', 'Amélie Dubois', 'fr', 'Europe/Paris', 4, 520, {
    theme: 'light',
    newsletter: true,
  }),
  customer('oluwaseun.adeyemi@example.com', 'Oluwaseun Adeyemi', 'en', 'Africa/Lagos', 4, 490, {
    theme: 'dark',
    newsletter: true,
  }),
  customer('priya.nair@example.org', 'Priya Nair', 'en', 'Asia/Kolkata', 5, 470, { theme: 'system', newsletter: true }),
  customer('lars.lindqvist@example.com', 'Lars Lindqvist', 'sv', 'Europe/Stockholm', 3, 450, {
    theme: 'dark',
    newsletter: false,
  }),
  customer('zofia.kowalska@example.net', 'Zofia Kowalska', 'pl', 'Europe/Warsaw', 4, 420, {
    theme: 'light',
    newsletter: false,
  }),
  customer('daniel.okafor@example.com', 'Daniel Okafor', 'en', 'Europe/London', 3, 400, {
    theme: 'system',
    newsletter: true,
  }),
  customer('hanna.virtanen@example.org', 'Hanna Virtanen', 'fi', 'Europe/Helsinki', 3, 380, {
    theme: 'light',
    newsletter: true,
  }),
  customer('bruno.ferreira@example.com', 'Bruno Ferreira', 'pt', 'Europe/Lisbon', 3, 330, {
    theme: 'dark',
    newsletter: false,
  }),
  customer('mei.chen@example.net', 'Mei Chen', 'en', 'Asia/Singapore', 4, 260, { theme: 'dark', newsletter: true }),
  customer('anouk.devries@example.com', 'Anouk de Vries', 'nl', 'Europe/Amsterdam', 4, 210, {
    theme: 'light',
    newsletter: true,
  }),
  customer('emre.yildiz@example.org', 'Emre Yıldız', 'de', 'Europe/Istanbul', 3, 150, {
    theme: 'system',
    newsletter: false,
  }),
  customer('rebecca.stone@example.com', 'Rebecca Stone', 'en', 'America/Toronto', 3, 90, {
    theme: 'light',
    newsletter: true,
  }),
  customer(
    'victor.marsh@example.net',
    'Victor Marsh',
    'en',
    'Europe/London',
    2,
    300,
    { theme: 'dark', newsletter: false },
    'Three chargebacks within a month; waiting for the bank.',
  ),
];
