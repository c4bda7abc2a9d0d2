// Serves dist/ at http://HOST:PORT; a taken port is said, and the next one up is tried.
import { fail } from './lib.mjs';
import { createSiteServer } from './site-server.mjs';

const portsTried = 20;
const host = process.env.HOST ?? '127.0.0.1';
const firstPort = Number(process.env.PORT ?? 4321);
if (!Number.isInteger(firstPort) || firstPort < 0 || 65535 < firstPort) {
  fail(`PORT must be a number from 0 to 65535, but is '${process.env.PORT}'.`);
}

const server = createSiteServer();
listen(firstPort);

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
