import type { ExchangeRow } from '../../../runtime/inspector/inspector-calls.ts';
import type { PanelTexts } from '../../i18n/panel-en.ts';
import { button, element, machineName, setText } from './dom.ts';
import { clockText, durationText } from './duration.ts';

interface Row {
  readonly element: HTMLTableRowElement;
  readonly button: HTMLButtonElement;
  readonly size: HTMLElement;
  readonly latency: HTMLElement;
}

/** The list of exchanges: new ones come at its end, and it stays there unless it was scrolled away. */
export class FrameRows {
  readonly element: HTMLElement;
  readonly #text: PanelTexts;
  readonly #onChoose: (id: number) => void;
  readonly #body = element('tbody');
  readonly #rows = new Map<number, Row>();
  #chosen: number | undefined;

  constructor(text: PanelTexts, onChoose: (id: number) => void) {
    this.#text = text;
    this.#onChoose = onChoose;
    const head = [text.api, text.fromTo, text.size, text.latency, text.time];
    const cells = head.map((name) => element('th', { scope: 'col' }, [name]));
    const table = element('table', { 'aria-label': text.frames }, [
      element('thead', {}, [element('tr', {}, cells)]),
      this.#body,
    ]);
    this.element = element('div', { class: 'frame-list' }, [table]);
    this.#body.addEventListener('keydown', (event) => this.#onKey(event));
  }

  show(rows: readonly ExchangeRow[]): void {
    const { element: list } = this;
    const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < stickyPx;
    const wanted = new Set(rows.map(({ id }) => id));
    for (const [id, row] of this.#rows) if (!wanted.has(id)) this.#remove(id, row);
    let at = this.#body.firstElementChild;
    for (const exchange of rows) {
      const row = this.#rows.get(exchange.id) ?? this.#create(exchange);
      this.#update(row, exchange);
      if (row.element === at) at = at.nextElementSibling;
      else this.#body.insertBefore(row.element, at);
    }
    this.#keepOneTabStop();
    if (isAtEnd) list.scrollTop = list.scrollHeight;
  }

  #create(exchange: ExchangeRow): Row {
    const { id, api, version, from, to, atMs } = exchange;
    const label = api === '' ? this.#text.otherProtocol : `${api} v${version}`;
    const choose = button(label, () => this.#choose(id), {
      'aria-pressed': 'false',
      tabindex: '-1',
    });
    const size = element('td');
    const latency = element('td');
    const cells = [
      element('th', { scope: 'row' }, [choose]),
      element('td', { class: 'frame-ends' }, [
        machineName(from.machine, `${from.machine} ${from.process}`),
        ' → ',
        machineName(to.machine, `${to.machine} ${to.process}`),
      ]),
      size,
      latency,
      element('td', { class: 'frame-time' }, [clockText(atMs)]),
    ];
    const row = { element: element('tr', {}, cells), button: choose, size, latency };
    row.element.addEventListener('click', () => this.#choose(id));
    this.#rows.set(id, row);
    return row;
  }

  #update({ size, latency }: Row, exchange: ExchangeRow): void {
    const { requestBytes = 0, responseBytes, latencyMs, api } = exchange;
    setText(
      size,
      responseBytes === undefined ? `${requestBytes}` : `${requestBytes} / ${responseBytes}`,
    );
    const waiting = api === '' ? '' : this.#text.noAnswer;
    setText(latency, latencyMs === undefined ? waiting : shortLatency(latencyMs));
  }

  #choose(id: number): void {
    if (this.#chosen === id) return;
    this.#mark(this.#chosen, false);
    this.#chosen = id;
    this.#mark(id, true);
    this.#keepOneTabStop();
    this.#onChoose(id);
  }

  #mark(id: number | undefined, isChosen: boolean): void {
    const row = id === undefined ? undefined : this.#rows.get(id);
    row?.button.setAttribute('aria-pressed', String(isChosen));
    row?.element.toggleAttribute('data-chosen', isChosen);
  }

  #remove(id: number, row: Row): void {
    if (this.#chosen === id) this.#chosen = undefined;
    row.element.remove();
    this.#rows.delete(id);
  }

  /** Tab comes to the list once; arrows move in it. */
  #keepOneTabStop(): void {
    const chosen = this.#chosen === undefined ? undefined : this.#rows.get(this.#chosen);
    const stop = chosen ?? [...this.#rows.values()].at(-1);
    for (const row of this.#rows.values()) row.button.tabIndex = row === stop ? 0 : -1;
  }

  #onKey(event: KeyboardEvent): void {
    const { target } = event;
    const row = target instanceof Element ? target.closest('tr') : null;
    const next = {
      ArrowDown: row?.nextElementSibling,
      ArrowUp: row?.previousElementSibling,
      Home: this.#body.firstElementChild,
      End: this.#body.lastElementChild,
    }[event.key];
    const to = next?.querySelector('button');
    if (!to) return;
    event.preventDefault();
    to.focus();
    to.click();
  }
}

const stickyPx = 24;

function shortLatency(latencyMs: number): string {
  return latencyMs < 10 ? `${latencyMs.toFixed(1)} ms` : durationText(latencyMs);
}
