/**
 * Private fields of test rows hold canary texts; everything that any channel gives out is searched for them. A canary
 * that reaches somebody who may not see it is a leak, whatever the test at hand was about.
 */
export class Sniffer {
  private readonly canaries = new Map<string, ReadonlySet<string>>();
  readonly leaks: string[] = [];

  /** A text to store in a private field, and who may see it (names of the test's callers). */
  plant(label: string, mayBeSeenBy: readonly string[]): string {
    const canary = `canary-${label}-${this.canaries.size}`;
    this.canaries.set(canary, new Set(mayBeSeenBy));
    return canary;
  }
  /** Searches what `caller` was given on `channel`. */
  sniff(caller: string, channel: string, text: string): void {
    if (!text.includes('canary-')) return;
    for (const [canary, allowed] of this.canaries)
      if (!allowed.has(caller) && text.includes(canary)) this.leaks.push(`${caller} was given ${canary} by ${channel}`);
  }
}
