import { isDeepStrictEqual } from 'node:util';
import { contractName } from '#libs/contract/fields.js';
import { allResources, type Resource } from '#libs/database/resource.js';
import { domains } from '#test/domains/domains.js';
import { nowhere } from '#test/harness/callers.js';
import type { World } from '#test/harness/world.js';
import type { AnyCaller, Caller, Row } from './expectations.js';
import { callersOf, graphqlOutcome, restOutcome } from './matrix.js';

/** What there is to ask about one field of one row. */
interface Question {
  readonly resource: Resource;
  readonly field: string;
  readonly id: string;
  /** What the row holds, as a text that a list can be filtered by. */
  readonly text: string;
  readonly value: unknown;
}

/** Whether a field is shown, hidden and kept from lists as it should be, as these callers. */
export async function hiddenField(w: World, row: Row, as = callersOf(row.outcomes)): Promise<string[]> {
  const question = await questionOf(w, row);
  const one = async (caller: AnyCaller) => {
    const want = row.outcomes[caller]!;
    const wrong = [
      ...(await reads(w, question, caller, want)),
      ...(await filters(w, question, caller, want)),
      ...(await sorts(w, question, caller)),
    ];
    return wrong.map((text) => `${row.operation} of ${row.situation}, as ${caller} (${want}): ${text}`);
  };
  return (await Promise.all(as.map(one))).flat();
}
async function questionOf(w: World, { operation, situation }: Row): Promise<Question> {
  const [type, field] = operation.split('.');
  const resource = [...allResources()].find((r) => contractName(r.definition.view) === type)!;
  const rowOf = domains.map((domain) => domain.matrix?.rowOf?.[type]).find(Boolean);
  if (!rowOf) throw new Error(`no domain says which ${type} belongs to whom: matrix.rowOf`);
  const id = await rowOf(w, situation as Caller);
  const shownValue = domains.map((domain) => domain.matrix?.shownValue?.[operation]).find(Boolean);
  if (shownValue) {
    const value = shownValue(w, id);
    return { resource, field, id, value, text: JSON.stringify(value) };
  }
  const column = field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const [{ value }] = await w.app.database.sql<{ value: unknown }>(
    `select ${column} as value from ${resource.table} where id = $1`,
    [id],
  );
  return { resource, field, id, value, text: String(Array.isArray(value) ? value[0] : value) };
}

async function reads(w: World, q: Question, caller: AnyCaller, want: string): Promise<string[]> {
  const { plural, name } = q.resource.definition;
  const client = w.clients[caller];
  const rest = await client.get(`/v1/${q.resource.path}/${q.id}?fields=id,${q.field}`);
  const whole = await client.get(`/v1/${q.resource.path}/${q.id}`);
  const graphql = await client.graphql(
    `query ($id: ID!, $ids: [ID!]!) { one: ${name}(id: $id) { ${field(q)} } ${plural}(filter: { id: { in: $ids } }) { nodes { ${field(q)} } } }`,
    { id: q.id, ids: [q.id] },
  );
  const hidden = JSON.stringify(graphql.body?.extensions?.hidden ?? []);
  const wrong: string[] = [];
  const must = (holds: boolean, text: string) => void (holds || wrong.push(text));
  if (want === '–') {
    must(rest.status >= 400 && whole.status >= 400, 'REST shows the row');
    must(!graphql.data?.one && !graphql.data?.[plural]?.nodes?.length, 'GraphQL shows the row');
    return wrong;
  }
  const isHidden = want !== 'shown';
  for (const [how, answer] of Object.entries({ 'with fields': rest, whole })) {
    must(answer.status === 200, `REST ${how}: ${answer.status}`);
    must(q.field in (answer.body ?? {}) !== isHidden, `REST ${how}: ${isHidden ? 'it is there' : 'it is absent'}`);
    must(isHidden || isDeepStrictEqual(answer.body[q.field], q.value), `REST ${how}: another value`);
  }
  for (const [path, item] of [
    [['one', q.field], graphql.data?.one],
    [[plural, 'nodes', 0, q.field], graphql.data?.[plural]?.nodes[0]],
  ] as const) {
    must(isDeepStrictEqual(item?.[q.field], isHidden ? null : q.value), `GraphQL, ${path.join('.')}: another value`);
    must(
      hidden.includes(JSON.stringify(path)) === isHidden,
      `GraphQL, ${path.join('.')}: extensions.hidden is ${hidden}`,
    );
  }
  return wrong;
}
const field = (q: Question) => `id ${q.field}`;

/** Something that the row does not hold, of the same type. */
function another({ resource, field, text }: Question): string {
  const { kind, field: of } = resource.column(field);
  if (kind === 'choice') return of!.values!.find((value) => value !== text)!;
  if (kind === 'int' || kind === 'bigint') return String(Number(text) + 1);
  return kind === 'id' ? nowhere : kind === 'flag' ? String(text !== 'true') : `not ${text}`;
}
async function filters(w: World, q: Question, caller: AnyCaller, want: string): Promise<string[]> {
  const { plural } = q.resource.definition;
  const client = w.clients[caller];
  const wrong: string[] = [];
  const declared = q.resource.filters[q.field] ?? [];
  for (const operator of declared.length ? declared : ['eq', 'contains']) {
    // What would find the row if the field could be looked at.
    const value = operator === 'ne' ? another(q) : q.text;
    const list = `/v1/${q.resource.path}?id[in]=${q.id}&count=true&fields=id&${q.field}[${operator}]=${encodeURIComponent(value)}`;
    const rest = await client.get(list);
    const filter = { id: { in: [q.id] }, [q.field]: { [operator]: operator === 'in' ? [value] : value } };
    const graphql = await client.graphql(
      `query ($filter: ${graphqlType(q)}Filter) { ${plural}(filter: $filter) { nodes { id } totalCount } }`,
      { filter },
    );
    const found = [restOutcome(rest), graphqlOutcome(plural, graphql)];
    const [total] = [rest.body?.page?.total as number | undefined];
    let right: boolean;
    if (declared.length === 0) right = found.every((f) => !/^\d/.test(f));
    else if (want === 'never') right = found.every((f) => f === 'FILTER_NOT_ALLOWED');
    else if (want === 'shown') right = found.every((f) => f === '1') && total === 1;
    else right = found.every((f) => f === '0' || !/^\d/.test(f)) && !total;
    if (!right) wrong.push(`filter ${operator}: ${found.join(' and ')}, ${total} counted`);
  }
  return wrong;
}
async function sorts(w: World, q: Question, caller: AnyCaller): Promise<string[]> {
  const { plural } = q.resource.definition;
  const client = w.clients[caller];
  const wrong: string[] = [];
  const name = q.field.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
  for (const [sign, direction] of [
    ['', 'ASC'],
    ['-', 'DESC'],
  ]) {
    const rest = restOutcome(await client.get(`/v1/${q.resource.path}?sort=${sign}${q.field}`));
    if (!['SORT_NOT_ALLOWED', 'login', 'locked', 'scope', 'no'].includes(rest))
      wrong.push(`REST sorts by ${sign}${q.field}: ${rest}`);
    const graphql = await client.graphql(
      `query ($sort: [${graphqlType(q)}Sort!]) { ${plural}(sort: $sort) { nodes { id } } }`,
      { sort: [{ field: name, direction }] },
    );
    const refused = graphqlOutcome(plural, graphql);
    if (!['VALIDATION_FAILED', 'SORT_NOT_ALLOWED', 'login', 'locked', 'scope', 'no'].includes(refused))
      wrong.push(`GraphQL sorts by ${direction} ${name}: ${refused}`);
  }
  return wrong;
}
const graphqlType = (q: Question) => contractName(q.resource.definition.view);
