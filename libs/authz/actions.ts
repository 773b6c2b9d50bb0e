const actions = new Map<string, Set<string>>();

/** Says that something can be done to a subject. Policies and the markers of handlers do so. */
export function defineAction(action: string, subject: string): void {
  if (action === 'manage' || subject === 'all') return;
  if (!actions.has(subject)) actions.set(subject, new Set());
  actions.get(subject)!.add(action);
}
/** What can be done to a subject; of `all` everything. `manage` stands for all of it. */
export function actionsOf(subject: string): string[] {
  const known = subject === 'all' ? [...actions.values()].flatMap((a) => [...a]) : [...(actions.get(subject) ?? [])];
  return [...new Set(known), 'manage'].sort();
}
