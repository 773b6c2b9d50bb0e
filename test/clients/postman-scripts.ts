/** Scripts of one request, as Postman and newman run them. */
export interface Checks {
  /** Statuses that the document declares. */
  readonly statuses: readonly number[];
  /** Whether nothing but a success is right. */
  readonly succeeds: boolean;
  /** Collection variables without which the request is skipped. */
  readonly needs: readonly string[];
  /** Collection variables that take an id from the answer. */
  readonly keeps: { readonly own?: string; readonly listed?: string; readonly created?: string };
}
const script = (listen: 'prerequest' | 'test', lines: string[]) => ({
  listen,
  script: { type: 'text/javascript' as const, exec: lines },
});
const has = (variable: string) => `pm.collectionVariables.get('${variable}')`;
const set = (variable: string, value: string) => `pm.collectionVariables.set('${variable}', ${value});`;

export function checks({ statuses, succeeds, needs, keeps }: Checks): ReturnType<typeof script>[] {
  const declared = statuses.filter((status) => status < 500).join(', ');
  const tests = [
    `pm.test('answers with a declared status, and does not fail by itself', () => pm.expect(pm.response.code).to.be.oneOf([${declared}]));`,
    `pm.test('answers with JSON or nothing', () => pm.response.text() === '' || pm.response.to.be.json);`,
    ...(succeeds ? [`pm.test('succeeds', () => pm.response.to.be.success);`] : []),
    ...kept(keeps),
  ];
  const missing = needs.map((variable) => `!${has(variable)}`).join(' || ');
  return [
    ...(missing ? [script('prerequest', [`if (${missing}) pm.execution.skipRequest();`])] : []),
    script('test', tests),
  ];
}
function kept({ own, listed, created }: Checks['keeps']): string[] {
  const id = 'pm.response.json().id';
  if (created)
    return [
      'if (pm.response.code === 201) {',
      `  ${set(created, id)}`,
      `  if (!${has(listed!)}) ${set(listed!, id)}`,
      '}',
    ];
  if (listed)
    return [
      'if (pm.response.code === 200) {',
      own
        ? `  const row = pm.response.json().data.find(({ id }) => id !== ${has(own)}); // never the caller`
        : '  const [row] = pm.response.json().data;',
      `  if (row) ${set(listed, 'row.id')}`,
      '}',
    ];
  return own ? [`if (pm.response.code === 200) ${set(own, id)}`] : [];
}
