import type { Server } from 'node:http';

/** An HTTP server for dist/, not yet listening. */
export function createSiteServer(): Server;
