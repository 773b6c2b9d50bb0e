import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The throw-away PostgreSQL of this test run. The URLs end in the name of a database, which may be replaced. */
    testDatabase: {
      /** The superuser, in the database `postgres`. */
      adminUrl: string;
      /** The role that owns the tables, in `tandem_template`. */
      ownerUrl: string;
      /** The role that serves, in `tandem_template`. */
      servingUrl: string;
    };
  }
}

export default function setup(project: TestProject): Promise<() => Promise<void>>;
