import { publicText } from '#libs/errors/error-body.js';
import { defineMessages, type Locale, type MessageParams, type Texts } from '#libs/messages/messages.js';

/** What users can be told of: one kind of event, with the shape of what a notification of it carries. */
export interface Topic<D extends object = any> {
  /** `order.placed`: the domain and what happened, in the past tense. */
  readonly name: string;
  /** For the docs: when users are told of it. */
  readonly description: string;
  /** For the docs: what each value of the data is. */
  readonly data: Readonly<Record<keyof D & string, string>>;
  /** What fills the placeholders of title and body; the values of the data themselves unless told. */
  readonly params?: (data: D, locale: Locale) => MessageParams;
}
type Definition<D extends object> = Omit<Topic<D>, 'name'>;
type TextKey<N extends string> = `${N}.title` | `${N}.body`;

const topics = new Map<string, Topic>();

/**
 * A domain's topics by name, with title and body of each in every language under `<topic>.title` and `<topic>.body`.
 * Returns them by name, for `Notification.of(topics['order.placed'], userId, data)`.
 */
export function defineTopics<D extends object, N extends string>(
  domain: string,
  definitions: Readonly<Record<N, Definition<D>>>,
  texts: Texts<TextKey<N>>,
): Readonly<Record<N, Topic<D>>> {
  defineMessages<string>(domain, texts);
  const defined = {} as Record<N, Topic<D>>;
  for (const [name, definition] of Object.entries(definitions) as [N, Definition<D>][]) {
    if (!/^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)+$/.test(name) || name.length > maxTopicLength)
      throw new Error(`${domain}: topic ${name} is not in dotted lower case`);
    if (topics.has(name)) throw new Error(`${domain}: topic ${name} is defined twice`);
    defined[name] = Object.freeze({ ...definition, name });
    topics.set(name, defined[name]);
  }
  return defined;
}
export const maxTopicLength = 80;

/** All topics, sorted by name. */
export const allTopics = (): Topic[] => [...topics.values()].sort((a, b) => (a.name < b.name ? -1 : 1));

/** Title or body of a notification. Rows stay when a domain goes, or a release goes back: a topic without texts has plain ones. */
export function textOf(part: 'title' | 'body', topic: string, data: object, locale: Locale): string {
  const known = topics.get(topic);
  if (!known) return publicText(`notification.${part}`, locale);
  return publicText(`${topic}.${part}`, locale, paramsOf(known, data, locale));
}
/** What an older release stored may lack what this one takes for granted. */
function paramsOf({ params }: Topic, data: object, locale: Locale): MessageParams {
  try {
    return params ? params(data, locale) : (data as MessageParams);
  } catch {
    return {};
  }
}
