// Runs a script under the Node that comes with the project, so that every machine runs the same one.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const bundled = new URL('../node_modules/node/bin/node', import.meta.url);
const node = existsSync(bundled) ? bundled.pathname : process.execPath;
const result = spawnSync(node, process.argv.slice(2), { stdio: 'inherit' });
process.exit(result.status ?? 1);
