import type { FieldRow, FrameDetail } from '../../../runtime/inspector/inspector-calls.ts';
import type { PanelTexts } from '../../i18n/panel-en.ts';
import { fill } from '../../i18n/strings.ts';
import { type ByteRange, keepInView } from './byte-grid.ts';
import { element } from './dom.ts';

/** The fields of a frame as a tree: the one under the pointer or with the focus has its bytes marked. */
export class FieldList {
  readonly element = element('div', { class: 'field-list', role: 'tree' });
  readonly #text: PanelTexts;
  readonly #onField: (range: ByteRange) => void;
  #fields: readonly FieldRow[] = [];
  #items: readonly HTMLElement[] = [];
  #current = 0;

  constructor(text: PanelTexts, onField: (range: ByteRange) => void) {
    this.#text = text;
    this.#onField = onField;
    this.element.setAttribute('aria-label', text.fields);
    this.element.addEventListener('pointerover', (event) => this.#onTarget(event));
    this.element.addEventListener('focusin', (event) => this.#onTarget(event));
    this.element.addEventListener('keydown', (event) => this.#onKey(event));
  }

  show({ fields, fieldsLeftOut, recordsLeftOut }: FrameDetail): void {
    this.#fields = fields;
    this.#items = fields.map((field, at) => this.#item(field, at));
    this.element.replaceChildren(
      ...this.#items,
      ...noteOf(this.#text.fieldsLeftOut, fieldsLeftOut),
      ...noteOf(this.#text.recordsLeftOut, recordsLeftOut),
    );
    this.element.scrollTop = 0;
    this.#current = 0;
    this.#items[0]?.setAttribute('tabindex', '0');
  }

  /** Marks the smallest field that holds the byte, and tells where it lies; answers it in words. */
  showByte(at: number): string {
    const found = this.#fields
      .map((field, index) => ({ field, index }))
      .filter(({ field }) => field.start <= at && at < field.end)
      .toSorted((a, b) => b.field.depth - a.field.depth)[0];
    if (found === undefined) return '';
    this.#select(found.index);
    const item = this.#items[found.index];
    if (item !== undefined) keepInView(this.element, item);
    const { name, value = '' } = found.field;
    return `${name} ${value}`.trim();
  }

  #item(field: FieldRow, at: number): HTMLElement {
    const { name, type, value, depth } = field;
    const names: Readonly<Record<string, string>> =
      depth === 0
        ? { header: this.#text.header, body: this.#text.body, rest: this.#text.rest }
        : {};
    const item = element(
      'div',
      { role: 'treeitem', 'aria-level': String(depth + 1), tabindex: '-1', 'data-at': String(at) },
      [
        element('span', { class: 'field-name' }, [names[name] ?? name]),
        ...(value === undefined ? [] : [element('span', { class: 'field-value' }, [value])]),
        ...(type === '' ? [] : [element('span', { class: 'field-type' }, [type])]),
      ],
    );
    item.style.setProperty('--depth', String(depth));
    return item;
  }

  #onTarget({ target }: Event): void {
    const item =
      target instanceof Element ? target.closest<HTMLElement>('[role="treeitem"]') : null;
    if (item !== null) this.#select(Number(item.dataset['at']));
  }

  #select(at: number): void {
    this.#items[this.#current]?.removeAttribute('data-marked');
    this.#items[this.#current]?.setAttribute('tabindex', '-1');
    this.#current = at;
    this.#items[at]?.setAttribute('data-marked', '');
    this.#items[at]?.setAttribute('tabindex', '0');
    const range = this.#bytesOf(at);
    if (range !== undefined) this.#onField(range);
  }

  /** The field's bytes; of what is not in the bytes as such, those of the field around it. */
  #bytesOf(at: number): ByteRange | undefined {
    let field = this.#fields[at];
    for (let before = at - 1; field !== undefined && field.start === field.end; before--) {
      const candidate = this.#fields[before];
      if (candidate === undefined) break;
      if (candidate.depth < field.depth) field = candidate;
    }
    return field;
  }

  #onKey(event: KeyboardEvent): void {
    const next = {
      ArrowDown: this.#current + 1,
      ArrowUp: this.#current - 1,
      Home: 0,
      End: this.#items.length - 1,
    }[event.key];
    const item = next === undefined ? undefined : this.#items[next];
    if (item === undefined) return;
    event.preventDefault();
    item.focus({ preventScroll: true });
    keepInView(this.element, item);
  }
}

function noteOf(words: string, count: number): readonly HTMLElement[] {
  if (count === 0) return [];
  return [element('p', { class: 'panel-note' }, [fill(words, { count })])];
}
