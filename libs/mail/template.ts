import { allMessages, defineMessages, type Locale, type MessageParams, type Texts } from '#libs/messages/messages.js';

/** One part of a mail, from top to bottom; `text` names a text of the template. */
export type MailPart =
  /** A paragraph. */
  | { readonly paragraph: string; readonly params?: MessageParams }
  /** A link that stands out, to a path of this service and nowhere else. */
  | { readonly link: string; readonly path: string; readonly params?: MessageParams }
  /** What is typed in elsewhere. */
  | { readonly code: string };

export interface MailDefinition<Params extends object> {
  /** For the operator: when it is sent. */
  readonly description: string;
  /** Of the subject, whose text is `subject`. */
  readonly subject?: (params: Params) => MessageParams;
  readonly parts: (params: Params) => readonly MailPart[];
  /** With this it is rendered in tests, and checked at start. */
  readonly example: Params;
}
export interface MailTemplate<Params extends object = object> extends MailDefinition<Params> {
  readonly name: string;
}

const templates = new Map<string, MailTemplate>();

/**
 * Defines a mail of a domain. Its texts have keys `mail.<name>.<text>` among those of the domain: `subject`, and one for
 * each part that names it.
 */
export function defineMail<Params extends object>(
  domain: string,
  name: string,
  texts: Texts,
  definition: MailDefinition<Params>,
): MailTemplate<Params> {
  if (templates.has(name)) throw new Error(`${domain}: mail ${name} is defined twice`);
  defineMessages<string>(domain, texts);
  for (const text of ['subject', ...definition.parts(definition.example).flatMap(textOf)])
    if (!allMessages().has(keyOf(name, text))) throw new Error(`${domain}: there is no text ${keyOf(name, text)}`);
  const template = Object.freeze({ ...definition, name });
  templates.set(name, template as unknown as MailTemplate);
  return template;
}
const textOf = (part: MailPart): string[] =>
  'paragraph' in part ? [part.paragraph] : 'link' in part ? [part.link] : [];

export const keyOf = (name: string, text: string): string => `mail.${name}.${text}`;
export const findTemplate = (name: string): MailTemplate | undefined => templates.get(name);
/** Every mail that domains define, by name. */
export const allMails = (): MailTemplate[] => [...templates.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
/** Languages that are written from right to left. */
export const directionOf = (locale: Locale): 'rtl' | 'ltr' => (locale === 'ar' ? 'rtl' : 'ltr');
