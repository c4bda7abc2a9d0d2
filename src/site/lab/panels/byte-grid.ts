import type { PanelTexts } from '../../i18n/panel-en.ts';
import { fill } from '../../i18n/strings.ts';
import { button, element, setEnabled, setText } from './dom.ts';

const pageBytes = 512;
const bytesPerRow = 8;

export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** Bytes in hex and as text, a page at a time; a range of them is marked. */
export class ByteGrid {
  readonly element: HTMLElement;
  readonly #text: PanelTexts;
  readonly #onByte: (at: number) => string;
  readonly #rows = element('div', { class: 'byte-rows' });
  readonly #place = element('span', { class: 'page-count' });
  /** Told to screen readers while arrow keys move over the bytes. */
  readonly #told = element('p', { class: 'visually-hidden', role: 'status' });
  readonly #previous: HTMLButtonElement;
  readonly #next: HTMLButtonElement;
  #bytes: Uint8Array = new Uint8Array();
  #first = 0;
  #cursor = 0;
  #marked: ByteRange = { start: 0, end: 0 };
  #cells: readonly HTMLElement[] = [];

  /** `onByte` answers what holds the byte. */
  constructor(text: PanelTexts, onByte: (at: number) => string) {
    this.#text = text;
    this.#onByte = onByte;
    this.#rows.tabIndex = 0;
    this.#rows.setAttribute('role', 'group');
    this.#rows.setAttribute('aria-label', text.bytes);
    this.#rows.addEventListener('pointerover', (event) => this.#onPointer(event));
    this.#rows.addEventListener('click', (event) => this.#onPointer(event));
    this.#rows.addEventListener('keydown', (event) => this.#onKey(event));
    this.#previous = button('‹', () => this.#turn(-pageBytes), { 'aria-label': text.previous });
    this.#next = button('›', () => this.#turn(pageBytes), { 'aria-label': text.next });
    const pager = [this.#previous, this.#place, this.#next];
    this.element = element('div', { class: 'byte-grid' }, [
      this.#rows,
      element('div', { class: 'pager' }, pager),
      this.#told,
    ]);
  }

  show(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#cursor = 0;
    this.#marked = { start: 0, end: 0 };
    this.#draw(0);
  }

  /** Marks these bytes, and shows the page on which they begin. */
  mark(range: ByteRange): void {
    this.#marked = range;
    const isSeen = this.#first < range.end && range.start < this.#first + pageBytes;
    if (!isSeen) this.#draw(range.start - (range.start % pageBytes));
    this.#drawMarks();
  }

  #turn(by: number): void {
    this.#draw(this.#first + by);
  }

  #draw(first: number): void {
    const { length } = this.#bytes;
    this.#first = first;
    const last = Math.min(length, first + pageBytes);
    const rows: HTMLElement[] = [];
    const cells: HTMLElement[] = [];
    for (let at = first; at < last; at += bytesPerRow) {
      const bytes = this.#bytes.subarray(at, Math.min(last, at + bytesPerRow));
      const hex = Array.from(bytes, (byte, i) => {
        const text = byte.toString(16).padStart(2, '0');
        return element('span', { 'data-at': String(at + i) }, [text]);
      });
      cells.push(...hex);
      rows.push(
        element('div', { class: 'byte-row' }, [
          element('span', { class: 'byte-offset' }, [at.toString(16).padStart(4, '0')]),
          element('span', { class: 'byte-hex' }, hex),
          element('span', { class: 'byte-text', 'aria-hidden': 'true' }, [printable(bytes)]),
        ]),
      );
    }
    this.#cells = cells;
    this.#rows.replaceChildren(...rows);
    const values = { first: Math.min(first, length), last: Math.max(0, last - 1), all: length };
    setText(this.#place, fill(this.#text.bytesAt, values));
    setEnabled(this.#previous, first > 0);
    setEnabled(this.#next, last < length);
    this.#drawMarks();
  }

  #drawMarks(): void {
    const { start, end } = this.#marked;
    let firstMarked: HTMLElement | undefined;
    for (const [i, cell] of this.#cells.entries()) {
      const at = this.#first + i;
      const isMarked = start <= at && at < end;
      if (isMarked) firstMarked ??= cell;
      cell.toggleAttribute('data-marked', isMarked);
      cell.toggleAttribute('data-cursor', at === this.#cursor);
    }
    const shown = this.#cells[this.#cursor - this.#first];
    const target = shown?.hasAttribute('data-marked') === true ? shown : firstMarked;
    if (target !== undefined) keepInView(this.#rows, target);
  }

  #onPointer(event: Event): void {
    const { target } = event;
    if (!(target instanceof HTMLElement)) return;
    const at = target.dataset['at'];
    if (at === undefined) return;
    this.#cursor = Number(at);
    this.#onByte(this.#cursor);
  }

  #onKey(event: KeyboardEvent): void {
    const by = {
      ArrowRight: 1,
      ArrowLeft: -1,
      ArrowDown: bytesPerRow,
      ArrowUp: -bytesPerRow,
    }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const at = Math.max(0, Math.min(this.#bytes.length - 1, this.#cursor + by));
    this.#cursor = at;
    const isSeen = this.#first <= at && at < this.#first + pageBytes;
    if (!isSeen) this.#draw(at - (at % pageBytes));
    const hex = (this.#bytes[at] ?? 0).toString(16).padStart(2, '0');
    setText(this.#told, `${at}: ${hex}, ${this.#onByte(at)}`);
  }
}

/** Scrolls the box alone, never the page. */
export function keepInView(box: HTMLElement, item: HTMLElement): void {
  const [outer, inner] = [box.getBoundingClientRect(), item.getBoundingClientRect()];
  if (inner.top < outer.top) box.scrollTop -= outer.top - inner.top;
  else if (outer.bottom < inner.bottom) box.scrollTop += inner.bottom - outer.bottom;
}

function printable(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) =>
    0x20 <= byte && byte < 0x7f ? String.fromCharCode(byte) : '·',
  ).join('');
}
