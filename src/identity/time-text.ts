import { formatLocales, type Locale } from '#libs/messages/messages.js';

/** Date and time by the clock of the account's owner, which it names; `timeZone` is an IANA name. */
export function timeText(at: Date, locale: Locale, timeZone: string, dateStyle: 'long' | 'medium' = 'long'): string {
  const format = (zone: string) =>
    new Intl.DateTimeFormat(formatLocales[locale], { dateStyle, timeStyle: 'long', timeZone: zone }).format(at);
  try {
    return format(timeZone);
  } catch {
    // A zone that this release of ICU does not know.
    return format('UTC');
  }
}
