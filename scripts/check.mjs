// `npm run check`: everything that can be proved without running the product.
import { spawnSync } from 'node:child_process';

const steps = [
  ['biome', 'node_modules/.bin/biome', ['check', '--error-on-warnings', '--max-diagnostics=200']],
  ['tsc universal', 'node_modules/.bin/tsc', ['-p', 'src/tsconfig.universal.json']],
  ['tsc browser', 'node_modules/.bin/tsc', ['-p', 'src/tsconfig.browser.json']],
  ['tsc node', 'node_modules/.bin/tsc', ['-p', 'src/tsconfig.node.json']],
  ['astro check', 'node_modules/.bin/astro', ['check']],
  ['zones', 'node_modules/.bin/depcruise', ['src', '--config', '.dependency-cruiser.mjs']],
  ['knip', 'node_modules/.bin/knip', []],
];
const only = process.argv.slice(2);
let failed = 0;
for (const [name, command, args] of steps) {
  if (only.length > 0 && !only.some((word) => name.includes(word))) continue;
  const result = spawnSync(command, args, { encoding: 'utf8' });
  if (result.status === 0) {
    console.log(`ok   ${name}`);
  } else {
    failed += 1;
    console.log(`FAIL ${name}\n${result.stdout}${result.stderr}`);
  }
}
process.exit(failed === 0 ? 0 : 1);
