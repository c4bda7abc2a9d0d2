import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Bundles, serves and opens a page of scripts in Chromium, with nothing but what the tests need. */
export interface BrowserLab {
  readonly page: Page;
  /** What the page asked of other origins; always empty. */
  readonly foreignRequests: readonly string[];
  readonly errors: readonly string[];
  close(): Promise<void>;
}

export interface BrowserLabOptions {
  /** Entry files relative to `src`; served as `/NAME.js`. */
  readonly entries: readonly string[];
  /** The entry that the page loads. */
  readonly page: string;
  /** Through `http://lab.test`, which is no secure context. */
  readonly isInsecure?: boolean;
  readonly plugins?: readonly Plugin[];
}

/** The package asks for it beside its own bundle. */
const zstdModule = new URL(
  '../../node_modules/@bokuweb/zstd-wasm/dist/web/zstd.wasm',
  import.meta.url,
);
const sourceFolder = fileURLToPath(new URL('..', import.meta.url));
const chromiumArguments = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP lab.test 127.0.0.1',
];

export async function openBrowserLab(options: BrowserLabOptions): Promise<BrowserLab> {
  const files = await bundle(options);
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    const file = files.get(path);
    if (path === '/') {
      response.setHeader('content-type', 'text/html');
      response.end(
        `<!doctype html><link rel="icon" href="data:,"><script type="module" src="/${options.page}.js"></script>`,
      );
    } else if (path === '/zstd.wasm') {
      response.setHeader('content-type', 'application/wasm');
      response.end(readFileSync(zstdModule));
    } else if (file) {
      response.setHeader('content-type', 'text/javascript');
      response.end(file);
    } else {
      response.statusCode = 404;
      response.end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const origin = `http://${options.isInsecure ? 'lab.test' : '127.0.0.1'}:${port}`;
  const browser = await launch();
  const page = await browser.newPage();
  const foreignRequests: string[] = [];
  const errors: string[] = [];
  page.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(origin))
      foreignRequests.push(request.url());
  });
  page.on('pageerror', (error) => errors.push(error.stack ?? error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.goto(`${origin}/`);
  const close = async () => {
    await browser.close();
    await new Promise((resolve) => server.close(resolve));
  };
  return { page, foreignRequests, errors, close };
}

async function bundle(options: BrowserLabOptions): Promise<ReadonlyMap<string, Uint8Array>> {
  const result = await build({
    entryPoints: options.entries.map((entry) => ({
      in: `${sourceFolder}${entry}`,
      out: nameOf(entry),
    })),
    outdir: '/out',
    write: false,
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    logLevel: 'silent',
    plugins: [...(options.plugins ?? [])],
  });
  return new Map(result.outputFiles.map((file) => [file.path.slice('/out'.length), file.contents]));
}

function nameOf(entry: string): string {
  return entry.replace(/^.*\//, '').replace(/\.[jt]s$/, '');
}

function launch(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
  return chromium.launch({ executablePath, args: chromiumArguments });
}
