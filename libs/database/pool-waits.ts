import type { Pool } from 'pg';

/** How long, in milliseconds, somebody waits for a connection that others use, and for one that is being made. */
export const poolWaits = { free: 500, made: 5_000 } as const;

interface Making {
  readonly options: { connectionTimeoutMillis: number };
  newClient(item: unknown): void;
}

/**
 * pg-pool has one limit for both (`connectionTimeoutMillis`). While connections are busy a short one keeps the queue short;
 * a connection that is made takes as long as a handshake with TLS and SCRAM on a busy machine takes, and whoever comes first
 * after a quiet hour is not to be told that the service is overloaded.
 */
export function limitWaits(pool: Pool): void {
  const making = pool as unknown as Making;
  const newClient = making.newClient.bind(pool);
  making.newClient = (item) => {
    making.options.connectionTimeoutMillis = poolWaits.made;
    try {
      newClient(item);
    } finally {
      making.options.connectionTimeoutMillis = poolWaits.free;
    }
  };
}
