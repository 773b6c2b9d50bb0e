/** Low to high: a library imports only libraries listed before it. */
const libraries = [
  'config',
  'messages',
  'errors',
  'context',
  'telemetry',
  'contract',
  'database',
  'doctor',
  'secrets',
  'egress',
  'jobs',
  'mail',
  'authz',
  'audit',
  'authn',
  'limits',
  'http',
  'pages',
  'oidc',
  'graphql',
  'testing',
];
const upward = libraries.slice(0, -1).map((library, i) => ({
  name: `libs-${library}-looks-down`,
  comment: `libs/${library} may import only the libraries before it: ${libraries.slice(0, i).join(', ') || 'none'}.`,
  severity: 'error',
  from: { path: `^libs/${library}/`, pathNot: '\\.spec\\.ts$' },
  to: { path: `^libs/(${libraries.slice(i + 1).join('|')})/` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two decorated classes that name each other crash when they are loaded as ES modules.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'libs-know-no-domain',
      comment: 'Mechanisms must work for the next domain too.',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^(src|launcher)/' },
    },
    {
      name: 'no-tests-in-the-product',
      severity: 'error',
      from: { path: '^(src|libs)/', pathNot: '(\\.spec\\.ts$|^libs/testing/)' },
      to: { path: '^(test|libs/testing)/' },
    },
    {
      name: 'domains-through-their-parts',
      comment: 'A domain does not reach into the controllers and resolvers of another.',
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: { path: '^src/[^/]+/.*\\.(controller|resolver)\\.ts$', pathNot: '^src/$1/' },
    },
    {
      name: 'transport-free-services',
      comment: 'Services, policies and entities speak neither REST nor GraphQL.',
      severity: 'error',
      from: { path: '^src/.*\\.(service|policy|entity|resource|queries)\\.ts$' },
      to: { path: '^(libs/(http|graphql)/|node_modules/(fastify|@nestjs/(graphql|swagger|platform-fastify))/)' },
    },
    {
      name: 'no-dumping-grounds',
      comment: 'A thing is named after what it does.',
      severity: 'error',
      from: {},
      to: { path: '(^|/)(common|shared|utils|core|helpers|misc)(/|\\.ts$)', pathNot: 'node_modules' },
    },
    {
      name: 'no-barrels',
      severity: 'error',
      from: { path: '^(src|libs|test)/' },
      to: { path: '^(src|libs|test)/.*(^|/)index\\.ts$' },
    },
    ...upward,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|\\.data)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['source', 'import', 'node', 'default'] },
  },
};
