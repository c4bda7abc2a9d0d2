import {
  assignReplicasToDirsRequest,
  assignReplicasToDirsResponse,
} from '../../protocol/schemas/73-assign-replicas-to-dirs.ts';
import { route } from '../route.ts';

/**
 * AssignReplicasToDirs (73), v0
 *
 * A broker tells the controller in which of its log dirs replicas are (KIP-858).
 */
export const assignReplicasToDirsRoute = route({
  request: assignReplicasToDirsRequest,
  response: assignReplicasToDirsResponse,
  handle: ({ broker }, request) => broker.controller.assignReplicasToDirs(request),
});
