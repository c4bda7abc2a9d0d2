import type { ClusterEvent } from '../../../runtime/watcher/cluster-report.ts';
import type { PanelTexts } from '../../i18n/panel-en.ts';
import { fill } from '../../i18n/strings.ts';
import { element, newId } from './dom.ts';
import { clockText, durationText } from './duration.ts';
import { eventText } from './event-text.ts';
import type { DoneAction } from './machine-actions.ts';

const entriesMax = 100;
/** What comes later is not told as the action's effect: a killed broker is fenced after 9 s. */
const effectWithinMs = 20_000;

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
