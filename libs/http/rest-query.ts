import { AppError } from '#libs/errors/app-error.js';
import { commonErrors } from '#libs/errors/common-errors.js';
import { Document } from '#libs/database/answers.js';
import { invalid, notAllowed, type Ask, type ListInput } from '#libs/database/list.js';
import type { Operator, Resource } from '#libs/database/resource.js';
import { detailOf, selectionOf, UnknownField, type Selection } from '#libs/database/selection.js';

const maxSelections = 1000;
const selections = new WeakMap<Resource, Map<string, Selection>>();
/** `fields=id,lines.quantity` as a selection; without it, own fields in lists and also `detail` in single reads. */
export function fieldsSelection(resource: Resource, fields: string | undefined, kind: 'list' | 'detail'): Selection {
  let known = selections.get(resource);
  if (!known) selections.set(resource, (known = new Map()));
  const key = fields === undefined ? `default ${kind}` : `fields ${fields}`;
  let selection = known.get(key);
  if (selection) return selection;
  if (fields === undefined)
    selection = kind === 'detail' ? detailOf(resource) : selectionOf(resource, resource.ownFields());
  else
    try {
      if (fields.length > 2000) throw invalid('fields', 'MAX_LENGTH', { max: 2000 });
      selection = selectionOf(resource, fields.split(','));
    } catch (error) {
      if (!(error instanceof UnknownField)) throw error;
      throw new AppError(commonErrors.FIELD_UNKNOWN, {
        ...notAllowed(error.path, error.allowed, 'fields'),
      });
    }
  if (known.size >= maxSelections) known.clear();
  known.set(key, selection);
  return selection;
}

const operators = new Set<string>(['eq', 'ne', 'in', 'gt', 'gte', 'lt', 'lte', 'contains', 'has'] satisfies Operator[]);
const reserved = new Set(['sort', 'fields', 'after', 'limit', 'count', 'q']);
/** Query parameters as they came; the parts that a route knows are checked where they are used. */
export type RestQuery = Readonly<Record<string, unknown>>;

/** What `?fields=` asks of a single resource; other parameters are unknown there. */
export function restAsk(resource: Resource, query: RestQuery): Ask {
  for (const name of Object.keys(query))
    if (name !== 'fields') throw new AppError(commonErrors.FILTER_NOT_ALLOWED, notAllowed(name, ['fields']));
  const { fields } = query;
  if (fields !== undefined && typeof fields !== 'string') throw invalid('fields', 'REPEATED');
  return { selection: fieldsSelection(resource, fields, 'detail') };
}
/** A document that a command made, to be answered with 201 and its `Location` below `path`. */
export class Created {
  constructor(
    readonly location: string,
    readonly document: Document,
  ) {}
}
export const created = (path: string, document: Document): Created => new Created(`${path}/${document.id}`, document);

/** `?status=A,B&placedAt[gte]=…&q=…&sort=…&fields=…&after=…&limit=…&count=true` */
export function restList(resource: Resource, query: RestQuery): ListInput {
  const filter: Record<string, Partial<Record<Operator, unknown>>> = Object.create(null) as never;
  const text = (name: string): string | undefined => {
    const value = query[name];
    if (value !== undefined && typeof value !== 'string') throw invalid(name, 'REPEATED');
    return value;
  };
  for (const name of Object.keys(query)) {
    if (reserved.has(name)) continue;
    const value = text(name)!;
    const match = /^([A-Za-z][A-Za-z0-9]*)(?:\[([a-z]+)\])?$/.exec(name);
    const field = match?.[1];
    if (!field || (match[2] && !operators.has(match[2])))
      throw new AppError(commonErrors.FILTER_NOT_ALLOWED, {
        ...notAllowed(name, Object.keys(resource.filters)),
      });
    const declared = Object.hasOwn(resource.filters, field) ? resource.filters[field] : [];
    let operator = (match[2] ?? (declared.includes('eq') ? 'eq' : (declared[0] ?? 'eq'))) as Operator;
    const list = operator === 'in' || (!match[2] && value.includes(',') && declared.includes('in'));
    if (list) operator = 'in';
    (filter[field] ??= {})[operator] = list ? value.split(',') : value;
  }
  const limit = text('limit');
  if (limit !== undefined && !/^\d{1,6}$/.test(limit)) throw invalid('limit', 'TYPE', { expected: 'integer' });
  const count = text('count');
  if (count !== undefined && count !== 'true' && count !== 'false')
    throw invalid('count', 'TYPE', { expected: 'boolean' });
  return {
    selection: fieldsSelection(resource, text('fields'), 'list'),
    filter,
    q: text('q'),
    sort: text('sort'),
    after: text('after'),
    limit: limit === undefined ? undefined : Number(limit),
    count: count === 'true',
  };
}
