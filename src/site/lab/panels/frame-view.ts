import type { ExchangeDetail, FrameDetail } from '../../../runtime/inspector/inspector-calls.ts';
import type { PanelTexts } from '../../i18n/panel-en.ts';
import { fill } from '../../i18n/strings.ts';
import { copyText } from '../../islands/copy-text.ts';
import { moveInTabs } from '../roving-tabs.ts';
import { ByteGrid } from './byte-grid.ts';
import { button, element, newId, setText } from './dom.ts';
import { FieldList } from './field-list.ts';

/** One exchange: its request and its response as tabs, fields beside bytes. */
export class FrameView {
  readonly element: HTMLElement;
  readonly #text: PanelTexts;
  readonly #tabs = element('div', { role: 'tablist' });
  readonly #note = element('p', { class: 'panel-note' });
  readonly #place: HTMLElement;
  readonly #grid: ByteGrid;
  readonly #fields: FieldList;
  readonly #actions: HTMLElement;
  #shown: FrameDetail | undefined;

  constructor(text: PanelTexts) {
    this.#text = text;
    this.#grid = new ByteGrid(text, (at) => this.#fields.showByte(at));
    this.#fields = new FieldList(text, (range) => this.#grid.mark(range));
    const json = button(text.copyJson, () => this.#copy(json, this.#shown?.json ?? ''));
    const hex = button(text.copyHex, () => this.#copy(hex, hexOf(this.#shown)));
    this.#actions = element('div', { class: 'card-actions' }, [json, hex]);
    this.#place = element('div', { class: 'frame-parts', role: 'tabpanel', id: newId('frame') }, [
      this.#fields.element,
      this.#grid.element,
    ]);
    this.#tabs.setAttribute('aria-label', text.frames);
    this.#tabs.addEventListener('keydown', (event) => moveInTabs(event, this.#tabs));
    const bar = element('div', { class: 'frame-bar' }, [this.#tabs, this.#actions]);
    this.element = element('div', { class: 'frame-view' }, [bar, this.#note, this.#place]);
    this.say(text.chooseFrame);
  }

  say(words: string): void {
    this.#tabs.replaceChildren();
    this.#actions.hidden = true;
    this.#place.hidden = true;
    setText(this.#note, words);
  }

  /** The response where there is one that was looked at before, else the request. */
  show({ parts }: ExchangeDetail): void {
    const wanted = parts.find(({ side }) => side === this.#shown?.side) ?? parts[0];
    const tabs = parts.map((part) => this.#tab(part));
    this.#tabs.replaceChildren(...tabs);
    this.#place.hidden = false;
    this.#actions.hidden = false;
    if (wanted !== undefined) this.#select(wanted);
  }

  #tab(part: FrameDetail): HTMLElement {
    const select = () => this.#select(part);
    const tab = button(this.#text[part.side], select, {
      role: 'tab',
      id: newId('frame-tab'),
      'aria-controls': this.#place.id,
      'data-side': part.side,
    });
    tab.addEventListener('focus', select);
    return element('div', { class: 'tab', role: 'presentation' }, [tab]);
  }

  #select(part: FrameDetail): void {
    for (const tab of this.#tabs.querySelectorAll<HTMLElement>('[role="tab"]')) {
      const isSelected = tab.dataset['side'] === part.side;
      tab.setAttribute('aria-selected', String(isSelected));
      tab.tabIndex = isSelected ? 0 : -1;
      tab.parentElement?.toggleAttribute('data-selected', isSelected);
      if (isSelected) this.#place.setAttribute('aria-labelledby', tab.id);
    }
    if (this.#shown === part) return;
    this.#shown = part;
    setText(this.#note, this.#noteOf(part));
    this.#grid.show(part.bytes);
    this.#fields.show(part);
    this.#fields.element.hidden = part.fields.length === 0;
  }

  #noteOf({ error, sizeBytes, bytes }: FrameDetail): string {
    const isCut = bytes.length < sizeBytes;
    const cut = fill(this.#text.frameCut, { size: sizeBytes, kept: bytes.length });
    const stopped = fill(this.#text.frameError, { reason: error ?? '' });
    return [...(isCut ? [cut] : []), ...(error === undefined ? [] : [stopped])].join(' ');
  }

  #copy(source: HTMLButtonElement, text: string): void {
    copyText(text);
    const label = source.textContent ?? '';
    source.textContent = this.#text.copied;
    setTimeout(() => {
      source.textContent = label;
    }, copiedMs);
  }
}

const copiedMs = 1_500;

function hexOf(part: FrameDetail | undefined): string {
  if (part === undefined) return '';
  return Array.from(part.bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
