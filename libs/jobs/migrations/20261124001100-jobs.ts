import { Migration } from '@mikro-orm/migrations';
import { installJobs } from '#libs/jobs/schema.js';

/** The tables of pg-boss, in a schema of their own. */
export class Jobs20261124001100 extends Migration {
  override async up(): Promise<void> {
    await installJobs(this);
  }
}
