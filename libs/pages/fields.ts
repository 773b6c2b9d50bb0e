import type { Part } from '#libs/http/html.js';
import { html, type Html } from '#libs/http/html.js';

export interface FieldOptions {
  readonly name: string;
  readonly label: string;
  readonly type?: 'text' | 'email' | 'password';
  /** What the browser and password managers fill in (HTML, autofill detail tokens). */
  readonly autocomplete: string;
  readonly value?: string;
  readonly hint?: string;
  readonly error?: string;
  readonly required?: boolean;
  readonly autofocus?: boolean;
  readonly maxLength?: number;
  readonly minLength?: number;
  readonly inputMode?: 'numeric' | 'text';
}

/** A labelled input. What is wrong with it stands below it, and belongs to it for screen readers. */
export function field(options: FieldOptions): Html {
  const { name, label, type = 'text', autocomplete, value, hint, error, required = true, autofocus } = options;
  const { maxLength, minLength, inputMode } = options;
  const described = [error && `${name}-error`, hint && `${name}-hint`].filter(Boolean).join(' ');
  return html`<div class="field">
    <label for="${name}">${label}</label>
    <input
      id="${name}"
      name="${name}"
      type="${type}"
      autocomplete="${autocomplete}"
      ${value !== undefined && html`value="${value}"`}
      ${required && html`required`}
      ${autofocus === true && html`autofocus`}
      ${maxLength !== undefined && html`maxlength="${maxLength}"`}
      ${minLength !== undefined && html`minlength="${minLength}"`}
      ${inputMode !== undefined && html`inputmode="${inputMode}"`}
      ${described !== '' && html`aria-describedby="${described}"`}
      ${error !== undefined && html`aria-invalid="true"`}
      ${type !== 'text' && html`dir="ltr"`}
      ${type !== 'password' && html`spellcheck="false" autocapitalize="none"`}
    />
    ${error !== undefined && html`<p class="error" id="${name}-error">${error}</p>`}
    ${hint !== undefined && html`<p class="hint" id="${name}-hint">${hint}</p>`}
  </div>`;
}

/** What went wrong as a whole; read out when the page opens, and linked to nothing. */
export const problem = (text: Part): Html => html`<p class="problem" role="alert">${text}</p>`;
export const notice = (text: Part): Html => html`<p class="notice" role="status">${text}</p>`;

export const button = (text: string, name?: string, kind: 'main' | 'quiet' | 'danger' = 'main'): Html =>
  html`<button type="submit" class="${kind}" ${name !== undefined && html`name="${name}" value="yes"`}>
    ${text}
  </button>`;
