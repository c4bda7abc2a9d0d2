import type { Caller } from '../coordinator/shard-context.ts';
import type { RequestContext } from './request-context.ts';

/** Who sends a request, as the coordinator sees it. */
export function callerOf({ clientId, client, apiVersion }: RequestContext): Caller {
  return { clientId, clientHost: client.clientHost, apiVersion };
}
