import type { Disposable } from '../base/disposable.ts';
import { alterConfigs, incrementalAlterConfigs } from './alter-configs.ts';
import { alterPartition } from './alter-partition.ts';
import { assignReplicasToDirs } from './assign-replicas.ts';
import { alterClientQuotas } from './client-quotas.ts';
import type { Controller, ImageListener } from './controller.ts';
import {
  type ControllerContext,
  type ControllerResult,
  requireOneBatch,
} from './controller-context.ts';
import { createPartitions } from './create-partitions.ts';
import { createTopics } from './create-topics.ts';
import { deleteTopics } from './delete-topics.ts';
import { electLeaders } from './elect-leaders.ts';
import { allocateProducerIds, registerController, unregisterBroker } from './node-decisions.ts';
import {
  alterPartitionReassignments,
  listPartitionReassignments,
} from './partition-reassignments.ts';
import type { QuorumController } from './quorum-controller.ts';
import { registerBroker } from './register-broker.ts';
import { updateFeatures } from './update-features.ts';

/** The controller of this node as a `Controller`: each request is a decision. */
export function controllerApi(controller: QuorumController): Controller {
  const decided =
    <Q, R>(decide: (ctx: ControllerContext, request: Q) => ControllerResult<R>) =>
    (request: Q): Promise<R> =>
      controller.decide((ctx) => decide(ctx, request));
  const requested = <Q, R>(decide: (ctx: ControllerContext, request: Q) => ControllerResult<R>) =>
    decided((ctx: ControllerContext, request: Q) => bounded(decide(ctx, request)));
  return {
    createTopics: requested((ctx, request) =>
      createTopics(ctx, request, (overrides) => controller.describeTopicConfigs(overrides)),
    ),
    deleteTopics: requested(deleteTopics),
    createPartitions: requested(createPartitions),
    alterConfigs: requested(alterConfigs),
    incrementalAlterConfigs: requested(incrementalAlterConfigs),
    electLeaders: requested(electLeaders),
    alterPartitionReassignments: requested(alterPartitionReassignments),
    listPartitionReassignments: decided(({ image }, request) => ({
      records: [],
      response: listPartitionReassignments(image, request),
    })),
    alterClientQuotas: requested(alterClientQuotas),
    alterPartition: decided(alterPartition),
    updateFeatures: decided(updateFeatures),
    registerBroker: decided(registerBroker),
    heartbeat: (request) => controller.heartbeat(request),
    unregisterBroker: decided(unregisterBroker),
    allocateProducerIds: decided(allocateProducerIds),
    registerController: decided(registerController),
    assignReplicasToDirs: decided(assignReplicasToDirs),
    get activeControllerId() {
      return controller.activeControllerId;
    },
    get image() {
      return controller.image;
    },
    onImage: (listener: ImageListener): Disposable => controller.onImage(listener),
  };
}

/** What users ask for is one batch of the log or refused. Throws ControllerError. */
function bounded<R>(result: ControllerResult<R>): ControllerResult<R> {
  requireOneBatch(result.records.length);
  return result;
}
