import { defineAction } from './actions.js';
import type { Rule } from './rules.js';

/** Built-in roles. `anonymous` is everybody, signed in or not, and `signedIn` every account, whatever its roles. */
export type PolicyRole = 'anonymous' | 'signedIn' | 'customer' | 'support' | 'manager';
export type Policy = Readonly<Partial<Record<PolicyRole, readonly Rule[]>>>;

const policies = new Map<string, Policy>();

/** A domain's rules for the built-in roles. Admins may do everything; roles add up, and nothing is allowed without a rule. */
export function definePolicy(domain: string, policy: Policy): Policy {
  if (policies.has(domain)) throw new Error(`policy ${domain} is defined twice`);
  policies.set(domain, policy);
  for (const { action, subject } of Object.values(policy).flat())
    for (const a of [action].flat()) defineAction(a, subject);
  return policy;
}
/** The built-in rules of a role over all domains. */
export function builtInRules(role: string): Rule[] {
  if (role === 'admin') return [{ action: 'manage', subject: 'all' }];
  return [...policies.values()].flatMap((policy) => policy[role as PolicyRole] ?? []);
}
export const allPolicies = (): ReadonlyMap<string, Policy> => policies;
