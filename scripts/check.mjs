// `npm run check`: everything that can be proved without running the product.
import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { root } from './lib.mjs';

const steps = [
  ['biome', 'node_modules/.bin/biome', ['check', '--error-on-warnings', '--max-diagnostics=200']],
  ['tsc universal', 'node_modules/.bin/tsc', ['-p', 'src/tsconfig.universal.json']],
  ['tsc browser', 'node_modules/.bin/tsc', ['-p', 'src/tsconfig.browser.json']],
  ['tsc node', 'node_modules/.bin/tsc', ['-p', 'src/tsconfig.node.json']],
  ['astro check', 'node_modules/.bin/astro', ['check']],
  ['zones', 'node_modules/.bin/depcruise', ['src', '--config', '.dependency-cruiser.mjs']],
  ['knip', 'node_modules/.bin/knip', []],
];
// The tools' scripts start with `env node`: let that be the project's own.
const path = [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter);
const only = process.argv.slice(2);
let failed = 0;
for (const [name, command, args] of steps) {
  if (only.length > 0 && !only.some((word) => name.includes(word))) continue;
  const result = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, PATH: path },
  });
  if (result.status === 0) {
    console.log(`ok   ${name}`);
  } else {
    failed += 1;
    console.log(`FAIL ${name}\n${result.stdout}${result.stderr}`);
  }
}
process.exit(failed === 0 ? 0 : 1);
