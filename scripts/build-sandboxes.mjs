// Builds sandboxes/*/libs/: the broker and the tools as bundles that plain Node 20 runs.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from './lib.mjs';

const libs = join(root, 'sandboxes', 'kafka', 'libs');
rmSync(libs, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: {
    'kafka-tools': 'src/bin/kafka-tools.ts',
    'lab-guest': 'src/bin/lab-guest.ts',
  },
  outdir: libs,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  loader: { '.wasm': 'binary' },
  // CommonJS packages in the bundle call require for Node's own modules.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
console.log('built sandboxes/kafka/libs');
