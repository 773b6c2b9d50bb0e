import type { AppError } from '#libs/errors/app-error.js';
import { html, type Html } from '#libs/http/html.js';
import { field, type FieldOptions } from '#libs/pages/fields.js';
import type { View, Visit } from '#libs/pages/visit.js';
import { passwordLength, type PasswordProblem } from '#src/identity/passwords/password-rules.js';

interface PasswordOptions extends Pick<FieldOptions, 'error' | 'autofocus'> {
  readonly name?: string;
  readonly label?: string;
}
/** A password that can be looked at while it is typed, where scripts run. */
function passwordField(visit: Visit, options: PasswordOptions & Pick<FieldOptions, 'autocomplete' | 'hint'>): Html {
  const { name = 'password', label = visit.text('identity.password') } = options;
  return html`${field({ ...options, name, label, type: 'password' })}
    <button
      type="button"
      class="reveal"
      data-reveals="${name}"
      data-show="${visit.text('pages.show-password')}"
      data-hide="${visit.text('pages.hide-password')}"
      data-label="${label}"
      aria-label="${visit.text('pages.show-password')}: ${label}"
      hidden
    >
      ${visit.text('pages.show-password')}
    </button>`;
}
export const currentPassword = (visit: Visit, options: PasswordOptions = {}): Html =>
  passwordField(visit, { autocomplete: 'current-password', ...options });
export const newPassword = (visit: Visit, problem: PasswordProblem | undefined, autofocus = false): Html =>
  passwordField(visit, {
    name: 'new-password',
    label: visit.text('identity.new-password'),
    autocomplete: 'new-password',
    hint: visit.text('identity.password-hint', passwordLength),
    error: problem && visit.text(`identity.password-${problem}`, passwordLength),
    autofocus: autofocus || problem !== undefined,
  });
/** So that password managers know whose password it is. */
export const fixedEmail = (visit: Visit, email: string): Html =>
  html`<div class="field">
    <label for="email">${visit.text('identity.email')}</label>
    <input id="email" type="email" value="${email}" autocomplete="username" dir="ltr" readonly />
  </div>`;
export const emailField = (visit: Visit, options: Partial<FieldOptions> = {}): Html =>
  field({
    name: 'email',
    label: visit.text('identity.email'),
    type: 'email',
    autocomplete: 'username',
    maxLength: 254,
    ...options,
  });
export const nameField = (
  visit: Visit,
  value: string | undefined,
  error: string | undefined,
  autofocus = false,
): Html =>
  field({
    name: 'name',
    label: visit.text('identity.name'),
    autocomplete: 'name',
    maxLength: nameLength,
    value,
    error,
    autofocus: autofocus || error !== undefined,
  });
export const nameLength = 120;
/** Why a try was not even looked at, and when the next one will be. */
export function refusalText(visit: Visit, refusal: AppError): string {
  const minutes = Math.max(1, Math.ceil((refusal.retryAfterSeconds ?? 60) / 60));
  visit.reply.header('retry-after', String(Math.ceil(refusal.retryAfterSeconds ?? 60)));
  return visit.text('identity.too-many', { minutes });
}
/** A sign-in that was finished before, has ended, or belongs to another browser. */
export const overPage = (visit: Visit): View => ({
  status: 410,
  title: visit.text('identity.sign-in.over.title'),
  body: html`<div class="card">
    <p>${visit.text('identity.sign-in.over.text')}</p>
    <p><a href="/account">${visit.text('identity.to-account')}</a></p>
  </div>`,
});
