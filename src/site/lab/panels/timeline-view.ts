import type { ClusterEvent, PartitionChange } from '../../../runtime/watcher/cluster-report.ts';
import type { PanelTexts } from '../../i18n/panel-en.ts';
import { fill } from '../../i18n/strings.ts';
import { element, newId } from './dom.ts';
import { clockText, durationText } from './duration.ts';
import type { DoneAction } from './machine-actions.ts';

const entriesMax = 100;
/** What comes later is not told as the action's effect. */
const effectWithinMs = 60_000;

/** What happened, newest first: what was done here, and what the cluster did. */
export class TimelineView {
  readonly element: HTMLElement;
  readonly #text: PanelTexts;
  readonly #list = element('ol', { class: 'timeline', reversed: true });
  readonly #empty: HTMLElement;
  #lastAction: DoneAction | undefined;

  constructor(text: PanelTexts) {
    this.#text = text;
    const id = newId('timeline');
    this.#empty = element('p', { class: 'panel-note' }, [text.noEvents]);
    this.#list.setAttribute('aria-labelledby', id);
    this.element = element('section', { class: 'panel-section timeline-section' }, [
      element('h3', { id }, [text.timeline]),
      this.#empty,
      this.#list,
    ]);
  }

  addAction(action: DoneAction): void {
    this.#lastAction = action;
    this.#add(action.atMs, action.label, { class: 'is-action' });
  }

  addEvents(events: readonly ClusterEvent[]): void {
    for (const event of events) {
      const attributes = { 'data-kind': event.kind, 'data-after-ms': afterMsOf(event) };
      this.#add(event.atMs, eventText(event, this.#text) + this.#sinceAction(event), attributes);
    }
  }

  #add(atMs: number, words: string, attributes: Record<string, string | undefined>): void {
    this.#empty.hidden = true;
    const time = element('time', { datetime: new Date(atMs).toISOString() }, [clockText(atMs)]);
    this.#list.prepend(element('li', attributes, [time, element('span', {}, [words])]));
    while (this.#list.childElementCount > entriesMax) this.#list.lastElementChild?.remove();
  }

  #sinceAction({ kind, atMs }: ClusterEvent): string {
    const action = this.#lastAction;
    const elapsedMs = atMs - (action?.atMs ?? Number.NEGATIVE_INFINITY);
    const isEffect = 0 <= elapsedMs && elapsedMs <= effectWithinMs && kind !== 'answers-again';
    if (action === undefined || !isEffect) return '';
    const values = { duration: durationText(elapsedMs), action: action.label };
    return ` · ${fill(this.#text.sinceAction, values)}`;
  }
}

function afterMsOf(event: ClusterEvent): string | undefined {
  return 'afterMs' in event && event.afterMs !== undefined
    ? String(Math.round(event.afterMs))
    : undefined;
}

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
  }
}
