// What Node's own modules are in the worker that runs learners' programs: for Vite and for esbuild.
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const shim = (file) => `${root}src/runtime/node/${file}`;
const npm = (file) => `${root}node_modules/${file}`;

const aliases = new Map([
  ['assert', shim('commonjs-assert.cjs')],
  ['buffer', npm('buffer/index.js')],
  ['buffer/', npm('buffer/index.js')],
  ['crypto', shim('crypto.ts')],
  ['events', npm('events/events.js')],
  ['events/', npm('events/events.js')],
  ['net', shim('net.ts')],
  ['process/', shim('commonjs-process.cjs')],
  ['string_decoder/', npm('string_decoder/lib/string_decoder.js')],
  ['tls', shim('tls.ts')],
  ['util', shim('util.ts')],
  ['zlib', shim('zlib.ts')],
]);
/** Only for those who want Node: the site itself is built on Node and must keep the real modules. */
const wantsShims =
  /\/(node_modules\/(kafkajs|readable-stream|string_decoder|safe-buffer)|src\/runtime\/node)\//;

function resolve(id, importer) {
  const name = id.replace(/^node:/, '');
  return aliases.has(name) && wantsShims.test(importer ?? '') ? aliases.get(name) : undefined;
}

/** For `vite.plugins` and `worker.plugins`. */
export function nodeShimsForVite() {
  return { name: 'node-shims', enforce: 'pre', resolveId: (id, importer) => resolve(id, importer) };
}

export const nodeShimsForEsbuild = {
  name: 'node-shims',
  setup(build) {
    build.onResolve({ filter: /^[\w:]+\/?$/ }, ({ path, importer }) => {
      const target = resolve(path, importer);
      return target === undefined ? undefined : { path: target };
    });
  },
};
