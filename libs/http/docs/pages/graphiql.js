const root = document.getElementById('graphiql');
const { static: files, endpoint, schema, query } = root.dataset;

// The editor asks for the worker of each language by its label.
const workers = { json: 'jsonWorker.js', graphql: 'graphqlWorker.js' };
globalThis.MonacoEnvironment = {
  getWorker: (_id, label) =>
    new Worker(new URL(files + (workers[label] ?? 'editorWorker.js'), location.href), { type: 'module' }),
};

// Where the service does not answer introspection, what it would say lies in a file.
if (schema) {
  const { fetch } = globalThis;
  globalThis.fetch = (input, init) =>
    typeof init?.body === 'string' && init.body.includes('"operationName":"IntrospectionQuery"')
      ? fetch(schema)
      : fetch(input, init);
}

const { React, createRoot, Ruru } = await import(new URL(`${files}ruru.js`, location.href));
createRoot(root).render(
  React.createElement(Ruru, {
    endpoint,
    defaultQuery: query,
    defaultEditorToolsVisibility: 'headers',
    initialHeaders: '{\n  // "Authorization": "Bearer <access token>"\n}',
    // The tools of other servers.
    debugTools: [],
  }),
);
