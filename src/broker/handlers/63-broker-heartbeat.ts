import {
  brokerHeartbeatRequest,
  brokerHeartbeatResponse,
} from '../../protocol/schemas/63-broker-heartbeat.ts';
import { route } from '../route.ts';

/**
 * BrokerHeartbeat (63), v0-1
 *
 * A broker tells the controller that it lives, and is told whether it is fenced (KIP-631).
 */
export const brokerHeartbeatRoute = route({
  request: brokerHeartbeatRequest,
  response: brokerHeartbeatResponse,
  handle: ({ broker }, request) => broker.controller.heartbeat(request),
});
