import { GraphQLEnumType, GraphQLObjectType, GraphQLSchema } from 'graphql';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestClient } from '#libs/testing/clients.js';
import { servedSchema } from '#libs/testing/operations.js';
import type { TestApp } from '#test/harness/test-app.js';
import { startLists } from '#test/lists/started.js';
import { documentsOfLists, renamedValues } from './compiled-documents.js';

let app: TestApp;
let admin: TestClient;
beforeAll(async () => {
  ({ app, admin } = await startLists(20));
  await app.database.sql(`update orders set note = $1, total_amount = 100000000000`, ['"\\\n\u2028 ☃ </script>']);
  await app.database.sql(`update users set display_name = $1 where id = (select min(id::text) from users)::uuid`, [
    '0',
  ]);
});
afterAll(() => app.stop());

it('a document is answered the same when it is compiled, with all fields of every list', async () => {
  const documents = documentsOfLists(servedSchema(app.app));
  expect(documents.length).toBeGreaterThan(5);
  for (const [field, document] of documents) {
    const texts: string[] = [];
    // The first two times it is interpreted.
    for (let time = 1; time <= 4; time++) {
      const { status, body } = await admin.graphql(document);
      expect(status, JSON.stringify(body)).toBe(200);
      expect(body.data?.[field]?.nodes.length, JSON.stringify(body)).toBeGreaterThan(0);
      texts.push(JSON.stringify(body.data));
    }
    expect(new Set(texts).size, document).toBe(1);
  }
});
it('enum values of answers are held as they are written', () => {
  expect(renamedValues(servedSchema(app.app))).toEqual([]);
  const Color = new GraphQLEnumType({ name: 'Color', values: { RED: { value: 'red' } } });
  const query = new GraphQLObjectType({ name: 'Query', fields: { color: { type: Color } } });
  expect(renamedValues(new GraphQLSchema({ query }))).toEqual(['Color.RED']);
});
