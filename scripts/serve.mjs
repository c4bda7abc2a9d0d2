// Serves dist/ at http://HOST:PORT; a taken port is said, and the next one up is tried.
import { createServer } from 'node:http';
import { join } from 'node:path';
import sirv from 'sirv';
import { fail, root } from './lib.mjs';

const portsTried = 20;
const host = process.env.HOST ?? '127.0.0.1';
const firstPort = Number(process.env.PORT ?? 4321);
if (!Number.isInteger(firstPort) || firstPort < 0 || 65535 < firstPort) {
  fail(`PORT must be a number from 0 to 65535, but is '${process.env.PORT}'.`);
}

const files = sirv(join(root, 'dist'), { etag: true, setHeaders: setCacheHeaders });
const server = createServer((request, response) => {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end('This server only serves files.\n');
    return;
  }
  files(request, response, () => {
    response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('Not found.\n');
  });
});
listen(firstPort);

/** Names with a content hash never change; everything else is asked for again. */
function setCacheHeaders(response, path) {
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

function listen(port) {
  server.once('error', (error) => {
    if (error.code !== 'EADDRINUSE') fail(`Cannot listen on ${host}:${port}: ${error.message}`);
    if (firstPort + portsTried <= port)
      fail(`Ports ${firstPort} to ${port} are all taken. Set PORT.`);
    console.log(`Port ${port} is taken; trying ${port + 1}.`);
    listen(port + 1);
  });
  server.listen(port, host, () => {
    server.removeAllListeners('error');
    const shown = host === '127.0.0.1' ? 'localhost' : host;
    console.log(`Brokerlab is served at http://${shown}:${server.address().port}`);
  });
}

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));
