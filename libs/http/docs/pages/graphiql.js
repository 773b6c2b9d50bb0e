import { SignIn } from './graphiql-sign-in.js';

const root = document.getElementById('graphiql');
const { static: files, endpoint, schema, query } = root.dataset;

// The editor asks for the worker of each language by its label.
const workers = { json: 'jsonWorker.js', graphql: 'graphqlWorker.js' };
globalThis.MonacoEnvironment = {
  getWorker: (_id, label) =>
    new Worker(new URL(files + (workers[label] ?? 'editorWorker.js'), location.href), { type: 'module' }),
};

const signIn = new SignIn(document.getElementById('sign-in'));
await signIn.start();

// The editor takes no `fetch` of ours, and makes the address of the endpoint absolute.
const absolute = (address) => new URL(address instanceof Request ? address.url : address, location.href).href;
const { fetch } = globalThis;
globalThis.fetch = (input, init) => {
  // Where the service does not answer introspection, what it would say lies in a file.
  if (schema && typeof init?.body === 'string' && init.body.includes('"operationName":"IntrospectionQuery"'))
    return fetch(schema);
  return absolute(input) === absolute(endpoint) ? signIn.fetch(input, init) : fetch(input, init);
};

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
