import { publicText } from '#libs/errors/error-body.js';
import type { Locale } from '#libs/messages/messages.js';

/** `Chrome · Android` in words. */
export function deviceText(label: string, locale: Locale): string {
  const [program, system] = label.split(' · ');
  if (!program) return publicText('session.device-unknown', locale);
  return system === undefined ? program : publicText('session.device', locale, { program, system });
}
