import { definePolicy } from '#libs/authz/policy.js';

/** As which accounts, `Actor.mayActAs` says. */
export const actingPolicy = definePolicy('acting', { support: [{ action: 'actAs', subject: 'User' }] });
