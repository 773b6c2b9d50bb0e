/** `skipped`: could not be looked at, for the reason that the message gives. */
export type Status = 'ok' | 'warning' | 'problem' | 'skipped';

/** What one check saw. Texts hold names and figures, never a secret. */
export interface Finding {
  /** What was looked at: `role`, `settings`. */
  readonly check: string;
  readonly status: Status;
  readonly message: string;
  /** What to do about a warning or a problem. */
  readonly cure?: string;
}
export const ok = (check: string, message: string): Finding => ({ check, status: 'ok', message });
export const skipped = (check: string, message: string): Finding => ({ check, status: 'skipped', message });
export const warning = (check: string, message: string, cure: string): Finding => ({
  check,
  status: 'warning',
  message,
  cure,
});
export const problem = (check: string, message: string, cure: string): Finding => ({
  check,
  status: 'problem',
  message,
  cure,
});
