import { builtInRules } from './policy.js';
import { abilityOf, type Rule } from './rules.js';

/** What a rule has to do with a question: it decides it, is not met by the row, or comes after one that decides it. */
export type Verdict = 'GIVES' | 'TAKES_BACK' | 'DOES_NOT_MATCH' | 'OVERRULED';
/** A rule with where it comes from. */
export interface PlacedRule {
  readonly role: string;
  /** From a policy, and not stored by an admin. */
  readonly builtIn: boolean;
  /** Place among the built-in, or the stored, rules of its role. */
  readonly position: number;
  readonly rule: Rule;
}
export type JudgedRule = PlacedRule & { readonly verdict: Verdict };
export interface Question {
  readonly action: string;
  readonly subject: string;
  /** Without one: whether there is a row on which it is allowed. */
  readonly row?: object;
  readonly field?: string;
}

/** The rules of a role, built-in ones first, with their places. */
export function placed(role: string, rules: readonly Rule[]): PlacedRule[] {
  const builtIn = builtInRules(role).length;
  return rules.map((rule, i) =>
    i < builtIn ? { role, builtIn: true, position: i, rule } : { role, builtIn: false, position: i - builtIn, rule },
  );
}
/**
 * Every rule of a role that is about the question, first the one that decides. The rules are asked as `Actor.can` asks
 * them: the last one that matches counts.
 */
export function judged(rules: readonly PlacedRule[], question: Question, actorId: string): JudgedRule[] {
  const { action, subject, row } = question;
  // Who may read its id may read a row.
  const field = question.field ?? (action === 'read' ? 'id' : undefined);
  const ability = abilityOf(
    rules.map(({ rule }) => rule),
    () => actorId,
  );
  let isDecided = false;
  return ability.possibleRulesFor(action, subject).flatMap((found): JudgedRule[] => {
    if (!found.matchesField(row || question.field !== undefined ? field : undefined)) return [];
    const place = rules[ability.rules.indexOf(found.origin)];
    if (isDecided) return [{ ...place, verdict: 'OVERRULED' }];
    if (!found.matchesConditions(row as never)) return [{ ...place, verdict: 'DOES_NOT_MATCH' }];
    isDecided = true;
    return [{ ...place, verdict: found.inverted ? 'TAKES_BACK' : 'GIVES' }];
  });
}
