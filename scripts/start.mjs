// `npm start`: install if needed, build if stale, serve the course. PORT (4321) and HOST (127.0.0.1).
import {
  buildSandboxesIfNeeded,
  buildSiteIfNeeded,
  bundledNode,
  installIfNeeded,
  run,
} from './lib.mjs';

installIfNeeded();
buildSandboxesIfNeeded();
buildSiteIfNeeded();
run(bundledNode(), ['scripts/serve.mjs', ...process.argv.slice(2)]);
