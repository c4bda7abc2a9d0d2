// What start and test share. Runs on Node 20 with nothing installed: node: imports only.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

const stampFolder = join(root, '.cache', 'stamps');

/** Runs a command in the project's folder with this terminal; ends the process with its status if it fails. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (result.error) fail(`${command} could not be started: ${result.error.message}`);
  if (result.status !== 0) process.exit(result.status ?? 1);
}

export function fail(message) {
  console.error(message);
  process.exit(1);
}

/** The Node that comes with the project. */
export function bundledNode() {
  const path = join(root, 'node_modules', 'node', 'bin', 'node');
  return existsSync(path) ? path : process.execPath;
}

export function installIfNeeded() {
  whenStale('install', ['package-lock.json', 'package.json'], () => {
    // `npm ci` insists on the optional binaries of every platform in the lock file, and ours was written
    // where only Linux's could be had; elsewhere npm finds the platform's own without it.
    const isLocked = process.platform === 'linux' && process.arch === 'x64';
    const args = ['install', isLocked ? '--no-save' : '--no-package-lock'];
    console.log(`Installing packages (npm ${args.join(' ')}) …`);
    // On Windows npm is a batch file, which only a shell starts.
    run('npm', [...args, '--no-audit', '--no-fund'], { shell: process.platform === 'win32' });
  });
}

/** Runs `action` when anything in `inputs` (files or folders) has changed since it last succeeded. */
export function whenStale(name, inputs, action, outputs = ['node_modules']) {
  const fingerprint = fingerprintOf(inputs);
  const stamp = join(stampFolder, name);
  const isFresh =
    existsSync(stamp) &&
    readFileSync(stamp, 'utf8') === fingerprint &&
    outputs.every((path) => existsSync(join(root, path)));
  if (isFresh) return;
  action();
  mkdirSync(stampFolder, { recursive: true });
  writeFileSync(stamp, fingerprint);
}

export function buildSandboxesIfNeeded() {
  whenStale(
    'sandboxes',
    ['src', 'scripts/build-sandboxes.mjs', 'package-lock.json'],
    () => run(bundledNode(), ['scripts/build-sandboxes.mjs']),
    ['sandboxes/kafka/libs'],
  );
}

export function buildSiteIfNeeded() {
  const inputs = ['src', 'lessons', 'public', 'sandboxes', 'bench', 'docs', 'astro.config.mjs'];
  whenStale(
    'site',
    [...inputs, 'scripts/build.mjs', 'package-lock.json'],
    () => run(bundledNode(), ['scripts/build.mjs']),
    ['dist/index.html'],
  );
}

function fingerprintOf(inputs) {
  const hash = createHash('sha256');
  const visit = (path) => {
    const status = statSync(join(root, path), { throwIfNoEntry: false });
    if (status === undefined) return;
    if (!status.isDirectory()) return hash.update(path).update(readFileSync(join(root, path)));
    for (const name of readdirSync(join(root, path)).sort()) {
      if (name !== 'node_modules' && name !== 'libs') visit(join(path, name));
    }
  };
  for (const input of inputs) visit(input);
  return hash.digest('hex');
}
