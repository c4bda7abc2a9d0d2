import type { Disposable } from '../base/disposable.ts';
import type { Controller } from '../controller/controller.ts';
import type { BrokerPorts } from './broker-ports.ts';
import { ControllerChannel } from './channel/controller-channel.ts';
import { forwardingController } from './forwarding-controller.ts';
import { forwardingQuorumRequests } from './forwarding-quorum-requests.ts';
import type { KafkaConfig } from './kafka-config.ts';
import type { QuorumNode } from './quorum-node.ts';
import { leaderQuorumRequests, type QuorumRequests } from './quorum-requests.ts';

/** The active controller as this node's broker sees it, with the channels that lead there. */
export interface ControllerRequests extends Disposable {
  readonly controller: Controller;
  readonly quorum: QuorumRequests;
}

export function openControllerRequests(
  ports: BrokerPorts,
  config: KafkaConfig,
  quorum: QuorumNode,
): ControllerRequests {
  const { nodeId } = config;
  const sessionTimeoutMs = config.number('broker.session.timeout.ms');
  const requestTimeoutMs = config.number('request.timeout.ms');
  const channel = (name: string, timeoutMs: number) =>
    new ControllerChannel(ports, {
      nodeId,
      clientId: `${name}-${nodeId}`,
      leader: () => quorum.raft.quorum.leaderAndEpoch,
      addressOf: (id) => quorum.raft.addressOf(id),
      requestTimeoutMs: timeoutMs,
    });
  const channels = {
    heartbeats: channel('heartbeat', sessionTimeoutMs),
    partitions: channel('alter-partition', requestTimeoutMs),
    forwarding: channel('forwarding', requestTimeoutMs),
  };
  const controller = forwardingController({
    clientId: `forwarding-${nodeId}`,
    local: quorum.controller,
    metadata: quorum.metadata,
    leaderId: () => quorum.raft.quorum.leaderAndEpoch.leaderId,
    channels,
    sessionTimeoutMs,
    requestTimeoutMs,
  });
  const quorumRequests = forwardingQuorumRequests({
    clientId: `forwarding-${nodeId}`,
    local: leaderQuorumRequests(quorum.raft),
    channel: channels.forwarding,
    requestTimeoutMs,
  });
  return {
    controller,
    quorum: quorumRequests,
    dispose() {
      for (const each of Object.values(channels)) each.dispose();
    },
  };
}
