/** Something that the person at the keyboard can put right: what is wrong, and the cure. Shown without a stack. */
export class Failure extends Error {
  /**
   * @param {string} problem
   * @param {string} cure
   */
  constructor(problem, cure) {
    super(`${problem}\n${cure}`);
    this.name = 'Failure';
  }
}

/** @type {Record<string, string>} */
const CURES = {
  EACCES: 'Give the current user the right to use it, or set DATA_DIR to a folder of your own.',
  EPERM: 'Give the current user the right to use it, or set DATA_DIR to a folder of your own.',
  EROFS: 'It is on a read-only file system. Set DATA_DIR to a folder that can be written.',
  ENOTDIR: 'A part of its path is a file. Set DATA_DIR to a folder.',
  ENOENT: 'The folder above it is missing or cannot be written. Set DATA_DIR to another folder.',
  EEXIST: 'A file is in its place. Set DATA_DIR to a folder.',
  ENOSPC: 'The disk is full. Free some space and start again.',
  EDQUOT: 'The disk quota is used up. Free some space and start again.',
  EMFILE: 'Too many files are open. Raise the limit (`ulimit -n 4096`) and start again.',
};

/**
 * The one message for the terminal.
 * @param {unknown} error
 */
export function explain(error) {
  if (error instanceof Failure) return error.message;
  if (!(error instanceof Error)) return `Tandem could not go on: ${String(error)}`;
  if (error.name === 'ConfigError') return error.message;
  const { code, path, syscall } = /** @type {NodeJS.ErrnoException} */ (error);
  if (code && code in CURES) return `Tandem cannot use ${path ?? `a file (${syscall})`}: ${code}.\n${CURES[code]}`;
  return `Tandem could not go on: ${error.message}`;
}
