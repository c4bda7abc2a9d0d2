// The static server of `npm start`, of the tests and of the benchmark.
import { createServer } from 'node:http';
import { join } from 'node:path';
import sirv from 'sirv';
import { root } from './lib.mjs';

/** An HTTP server for dist/, not yet listening. It only serves files, to anybody who can connect. */
export function createSiteServer() {
  const files = sirv(join(root, 'dist'), { etag: true, gzip: true, setHeaders });
  return createServer((request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end('This server only serves files.\n');
      return;
    }
    files(request, response, () => {
      response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('Not found.\n');
    });
  });
}

/** Names with a content hash never change; everything else is asked for again. */
function setHeaders(response, path) {
  const isHashed = path.startsWith('/_astro/');
  response.setHeader(
    'cache-control',
    isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
  );
  response.setHeader('x-content-type-options', 'nosniff');
  // Isolation lets WebContainer run; our own machines work without it.
  response.setHeader('cross-origin-opener-policy', 'same-origin');
  response.setHeader('cross-origin-embedder-policy', 'credentialless');
}
