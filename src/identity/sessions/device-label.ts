const systems: readonly [RegExp, string][] = [
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  // Of CFNetwork, which apps on iPhones and Macs speak alike, nothing but Darwin is known.
  [/Macintosh|Mac OS X/, 'macOS'],
  [/CrOS/, 'ChromeOS'],
  [/Darwin/, 'iOS'],
  [/Linux/, 'Linux'],
];
// Most browsers say that they are others, too: the most particular name first.
const browsers: readonly [RegExp, string][] = [
  [/Edg(?:e|A|iOS)?\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/Chrome\/|CriOS\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];
const nameIn = (table: readonly [RegExp, string][], text: string) => table.find(([pattern]) => pattern.test(text))?.[1];

/**
 * What people know a device by, from its `User-Agent`: `Firefox · Windows`, `TandemApp · Android`. Names that are the same
 * in every language; empty when nothing can be told.
 */
export function deviceLabel(userAgent: string | undefined): string {
  if (!userAgent) return '';
  const text = userAgent.slice(0, 500);
  // An app names itself first (RFC 9110 §10.1.5); every browser begins with Mozilla.
  const app = /^([A-Za-z][\w.-]{1,39})\//.exec(text)?.[1];
  const program = app && app !== 'Mozilla' ? app : nameIn(browsers, text);
  return [program, nameIn(systems, text)].filter(Boolean).join(' · ');
}
