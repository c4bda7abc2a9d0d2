import type { ExchangeRow } from '../../../runtime/inspector/inspector-calls.ts';
import type { PanelTexts } from '../../i18n/panel-en.ts';
import { button, element, machineName, setAttributes, setText } from './dom.ts';
import { clockText, durationText } from './duration.ts';

/** A line of the table; it is used again for another exchange when its own has gone by. */
interface Row {
  id: number;
  readonly element: HTMLTableRowElement;
  readonly button: HTMLButtonElement;
  readonly from: HTMLElement;
  readonly to: HTMLElement;
  readonly size: HTMLElement;
  readonly latency: HTMLElement;
  readonly time: HTMLElement;
}

/** The list of exchanges: new ones come at its end, and by its style it stays there unless it was scrolled away. */
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
    const widths = columns.map((width) => element('col', { style: `width: ${width}` }));
    const table = element('table', { 'aria-label': text.frames }, [
      element('colgroup', {}, widths),
      element('thead', {}, [element('tr', {}, cells)]),
      this.#body,
    ]);
    this.element = element('div', { class: 'frame-list' }, [table]);
    this.#body.addEventListener('keydown', (event) => this.#onKey(event));
  }

  show(rows: readonly ExchangeRow[]): void {
    const spare = this.#takeGone(new Set(rows.map(({ id }) => id)));
    let at = this.#body.firstElementChild;
    for (const exchange of rows) {
      const row =
        this.#rows.get(exchange.id) ?? this.#bind(spare.pop() ?? this.#create(), exchange);
      this.#update(row, exchange);
      if (row.element === at) at = at.nextElementSibling;
      else this.#body.insertBefore(row.element, at);
    }
    for (const { element: unused } of spare) unused.remove();
    this.#keepOneTabStop();
  }

  #takeGone(wanted: ReadonlySet<number>): Row[] {
    const gone = [...this.#rows.values()].filter(({ id }) => !wanted.has(id));
    for (const row of gone) {
      this.#rows.delete(row.id);
      if (this.#chosen === row.id) this.#chosen = undefined;
      row.element.remove();
    }
    return gone;
  }

  #create(): Row {
    const choose = button('', () => undefined, { tabindex: '-1' });
    const [from, to] = [machineName(''), machineName('')];
    const [size, latency] = [element('td'), element('td')];
    const time = element('td', { class: 'frame-time' });
    const line = element('tr', {}, [
      element('th', { scope: 'row' }, [choose]),
      element('td', { class: 'frame-ends' }, [from, ' → ', to]),
      size,
      latency,
      time,
    ]);
    const row: Row = { id: 0, element: line, button: choose, from, to, size, latency, time };
    line.addEventListener('click', () => this.#choose(row.id));
    return row;
  }

  #bind(row: Row, { id, api, version, from, to, atMs }: ExchangeRow): Row {
    row.id = id;
    this.#rows.set(id, row);
    setText(row.button, api === '' ? this.#text.otherProtocol : `${api} v${version}`);
    for (const [place, end] of [
      [row.from, from],
      [row.to, to],
    ] as const) {
      const full = `${end.machine} ${end.process}`;
      setText(place, full.replace(/ \d+$/, ''));
      setAttributes(place, { 'data-machine': end.machine, title: `${full} :${end.port}` });
    }
    setText(row.time, clockText(atMs));
    this.#mark(id, this.#chosen === id);
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

/** Fixed, so that a new line does not lay out the others again. */
const columns = ['10.5rem', 'auto', '6rem', '4.75rem', '6rem'];

function shortLatency(latencyMs: number): string {
  return latencyMs < 10 ? `${latencyMs.toFixed(1)} ms` : durationText(latencyMs);
}
