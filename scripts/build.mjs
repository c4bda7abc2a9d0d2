// `npm run build`: the static site in dist/, and the list of what the lab needs offline.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { buildSandboxesIfNeeded } from './lib.mjs';

const root = new URL('..', import.meta.url);

buildSandboxesIfNeeded();
// What the content layer has kept does not know of a changed schema.
run('astro build', 'node_modules/astro/bin/astro.mjs', 'build', '--force');
await writePrefetchList();
await compressText();

/** Ends the build with the command's own output when it fails. */
function run(name, ...args) {
  if (!existsSync(new URL(args[0], root))) return;
  const result = spawnSync(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ASTRO_TELEMETRY_DISABLED: '1' },
  });
  if (result.status === 0) return;
  console.error(`${name} failed`);
  process.exit(result.status ?? 1);
}

/** Every page, script, style, font and binary of the site: after it, `Start lab` needs no network. */
async function writePrefetchList() {
  const folder = new URL('dist/_astro/', root);
  // .mjs are the bundles for WebContainer, which needs the network anyway.
  const names = (await readdir(folder)).filter((name) => !/\.(woff|mjs|gz)$/.test(name)).sort();
  const pages = (await readdir(new URL('dist/', root), { recursive: true }))
    .filter((path) => path.endsWith('index.html'))
    .map((path) => `/${path.slice(0, -'index.html'.length)}`);
  const urls = [...names.map((name) => `/_astro/${name}`), ...pages.sort()];
  await writeFile(new URL('dist/prefetch.json', root), JSON.stringify(urls));
  const sizes = names.map((name) => gzipSync(readFileSync(new URL(name, folder))).length);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  console.log(`lab for offline use: ${names.length} files, ${Math.round(total / 1024)} KB gzipped`);
}

/** A `.gz` beside every text: the server sends it to who accepts it, which matters to a room on one Wi-Fi. */
async function compressText() {
  const dist = new URL('dist/', root);
  const names = await readdir(dist, { recursive: true });
  for (const name of names.filter((each) => /\.(html|js|css|json|svg|wasm)$/.test(each))) {
    const content = readFileSync(new URL(name, dist));
    if (1024 < content.length) await writeFile(new URL(`${name}.gz`, dist), gzipSync(content));
  }
}
