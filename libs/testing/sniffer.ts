/**
 * Private fields of test rows hold canary texts; everything that any channel gives out is searched for them. A canary
 * that reaches somebody who may not see it is a leak, whatever the test at hand was about.
 */
export class Sniffer {
  private readonly canaries = new Map<string, ReadonlySet<string>>();
  readonly leaks: string[] = [];

  /** A text to store in a private field, and who may see it (names of the test's callers). */
  plant(label: string, mayBeSeenBy: readonly string[]): string {
    // The end keeps the second canary from being found in the twentieth.
    const canary = `canary-${label}-${this.canaries.size}-x`;
    this.canaries.set(canary, new Set(mayBeSeenBy));
    return canary;
  }
  /** Searches what `caller` was given on `channel`. */
  sniff(caller: string, channel: string, text: string): void {
    for (const canary of new Set(text.match(/canary-[A-Za-z0-9-]+?-\d+-x/g))) {
      const allowed = this.canaries.get(canary);
      if (allowed && !allowed.has(caller)) this.leaks.push(`${caller} was given ${canary} by ${channel}`);
    }
  }
}
