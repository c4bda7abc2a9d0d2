import type { ClusterEvent, PartitionChange } from '../../../runtime/watcher/cluster-report.ts';
import type { PanelTexts } from '../../i18n/panel-en.ts';
import { fill } from '../../i18n/strings.ts';
import { durationText } from './duration.ts';

/** One event in words. */
export function eventText(event: ClusterEvent, text: PanelTexts): string {
  switch (event.kind) {
    case 'leader-lost':
      return fill(text.leaderLost, { node: event.nodeId, epoch: event.epoch });
    case 'leader-elected': {
      const values = { node: event.nodeId, epoch: event.epoch };
      if (event.afterMs === undefined) return fill(text.leaderElected, values);
      return fill(text.leaderElectedAfter, { ...values, duration: durationText(event.afterMs) });
    }
    case 'rival-leader':
      return fill(text.rivalLeader, { node: event.nodeId, epoch: event.epoch });
    case 'voters-changed':
      return fill(text.votersChanged, { nodes: event.voters.join(', ') });
    case 'broker-registered':
      return fill(text.brokerRegistered, { node: event.nodeId });
    case 'broker-fenced':
      return fill(text.brokerFenced, { node: event.nodeId });
    case 'broker-unfenced':
      return fill(text.brokerUnfenced, {
        node: event.nodeId,
        duration: durationText(event.afterMs ?? 0),
      });
    case 'nobody-answers':
      return text.nobodyAnswersEvent;
    case 'answers-again':
      return fill(text.answersAgain, { duration: durationText(event.afterMs) });
    default:
      return partitionEventText(event, text);
  }
}

function partitionEventText(
  event: Extract<ClusterEvent, PartitionChange>,
  text: PanelTexts,
): string {
  const partitions =
    event.partitions === 1
      ? event.example
      : fill(text.partitionsCounted, { count: event.partitions, example: event.example });
  switch (event.kind) {
    case 'isr-shrunk':
      return fill(text.isrShrunk, { partitions, node: event.nodeId });
    case 'isr-grown':
      return fill(text.isrGrown, { partitions, node: event.nodeId });
    case 'leaders-moved':
      return fill(text.leadersMoved, { partitions, from: event.from, to: event.to });
    case 'partitions-offline':
      return fill(text.partitionsOffline, { partitions });
    case 'partitions-online':
      return fill(text.partitionsOnline, { partitions, duration: durationText(event.afterMs) });
    case 'writes-go-on':
      return fill(text.writesGoOn, { partitions, duration: durationText(event.afterMs) });
  }
}
