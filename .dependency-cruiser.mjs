// The architecture, as data: a zone may import itself and the zones listed for it, nothing else.
const mayImport = {
  base: [],
  protocol: ['base'],
  storage: ['base', 'protocol'],
  raft: ['base', 'protocol'],
  coordinator: ['base', 'protocol'],
  controller: ['base', 'protocol', 'raft'],
  broker: ['base', 'protocol', 'storage', 'raft', 'coordinator', 'controller', 'client'],
  client: ['base', 'protocol'],
  cli: ['base', 'protocol', 'client', 'storage', 'broker', 'controller', 'shell'],
  shell: ['base'],
  course: ['base'],
  'host/virtual': ['base'],
  'host/node': ['base'],
  'host/browser': ['base'],
  runtime: [
    'base',
    'protocol',
    'client',
    'host/virtual',
    'host/browser',
    'shell',
    'cli',
    'broker',
    'controller',
    'course',
  ],
  site: ['base', 'course', 'runtime'],
};
const zone = (name) => `^src/${name}/`;
export default {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'internal-is-private',
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: { path: '^src/[^/]+/internal/', pathNot: '^src/$1/' },
    },
    {
      name: 'no-tests-in-production',
      severity: 'error',
      from: { pathNot: '\\.(test|bench)\\.ts$|^src/testing/' },
      to: { path: '^src/testing/|\\.test\\.ts$' },
    },
    ...Object.entries(mayImport).map(([name, allowed]) => ({
      name: `zone-${name}`,
      severity: 'error',
      from: { path: zone(name), pathNot: '\\.(test|bench)\\.ts$' },
      to: { path: '^src/', pathNot: [zone(name), ...allowed.map(zone)] },
    })),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'src/tsconfig.universal.json' },
    doNotFollow: { path: 'node_modules' },
  },
};
