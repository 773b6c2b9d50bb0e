/** An error as it may stand in a log. */
export interface LoggedError {
  type: string;
  message: string;
  code?: string;
  /** Names of database objects, to find a broken rule without its values. */
  constraint?: string;
  table?: string;
  column?: string;
  stack?: string;
  cause?: LoggedError;
}

const MAX_CAUSES = 4;
const MAX_MESSAGE = 1000;

/**
 * What a log may keep of an error. Messages of database errors hold statements and values (`Key (email)=(…) already
 * exists`), so only their code and the names of what they are about stay; elsewhere e-mail addresses and tokens go.
 */
export function errorForLog(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: scrub(String(error)) };
  const { code, constraint, table, column } = error as Error & Record<string, unknown>;
  const fromDatabase = typeof code === 'string' && /^\d[0-9A-Z]{4}$/.test(code);
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  return {
    type: error.constructor?.name ?? error.name,
    message: fromDatabase ? `SQLSTATE ${code}` : scrub(error.message),
    code: text(code),
    constraint: text(constraint),
    table: text(table),
    column: text(column),
    stack: framesOf(error),
    ...(error.cause !== undefined && depth < MAX_CAUSES && { cause: errorForLog(error.cause, depth + 1) }),
  };
}

/** The stack without its first lines: those repeat the message. */
const framesOf = (error: Error): string | undefined =>
  typeof error.stack === 'string'
    ? error.stack
        .split('\n')
        .filter((line) => /^\s+at /.test(line))
        .join('\n')
    : undefined;

/** Takes e-mail addresses, bearer tokens, JWTs and passwords in URLs out of a text. */
export const scrub = (text: string): string =>
  text
    .slice(0, MAX_MESSAGE)
    .replace(/\beyJ[\w-]+\.[\w-]+\.?[\w-]*/g, '[token]')
    .replace(/\b(bearer|basic)\s+[\w.~+/=-]+/gi, '$1 [token]')
    .replace(/:\/\/[^\s/@]+@/g, '://[credentials]@')
    .replace(/[^\s@'"<>()[\],;:=]+@[^\s@'"<>()[\],;:]+\.[a-z]{2,}/gi, '[email]');
