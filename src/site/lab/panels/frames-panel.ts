import type { FrameInspection, SandboxControl } from '../../../runtime/control/sandbox-control.ts';
import type { FrameList } from '../../../runtime/inspector/inspector-calls.ts';
import type { PanelTexts } from '../../i18n/panel-en.ts';
import { fill } from '../../i18n/strings.ts';
import { button, element, newId, setText } from './dom.ts';
import { FrameRows } from './frame-rows.ts';
import { FrameView } from './frame-view.ts';
import type { LabView } from './lab-view.ts';

/** What passes between the processes, live: a list with a filter, and one exchange field by field. */
export class FramesPanel implements LabView {
  readonly element: HTMLElement;
  readonly #text: PanelTexts;
  readonly #inspection: FrameInspection;
  readonly #api = element('select');
  readonly #process = element('select');
  readonly #contains: HTMLInputElement;
  readonly #pause: HTMLButtonElement;
  readonly #state = element('p', { class: 'panel-note frame-state' });
  readonly #empty: HTMLElement;
  readonly #rows: FrameRows;
  readonly #view: FrameView;
  #chosen: { readonly id: number; hasResponse: boolean } | undefined;
  #isPausedHere = false;
  #isUnseen = false;
  #isDrawing = false;
  #list: FrameList | undefined;

  constructor(control: SandboxControl, text: PanelTexts) {
    this.#text = text;
    this.#contains = element('input', { type: 'search', placeholder: text.filterTextHint });
    this.#pause = button(text.pause, () => this.#togglePause());
    this.#empty = element('p', { class: 'panel-note' }, [text.noFrames]);
    this.#rows = new FrameRows(text, (id) => void this.#choose(id));
    this.#view = new FrameView(text);
    this.element = element('div', { class: 'frames' }, [
      this.#toolbar(),
      this.#state,
      this.#empty,
      this.#rows.element,
      this.#view.element,
    ]);
    fillOptions(this.#api, [], text.allApis);
    fillOptions(this.#process, [], text.allProcesses);
    this.#inspection = control.inspectFrames((list) => this.#take(list));
  }

  setPaused(isPaused: boolean): void {
    this.#isUnseen = isPaused;
    this.#tellPause();
  }

  dispose(): void {
    this.#inspection.dispose();
    this.element.remove();
  }

  #toolbar(): HTMLElement {
    const text = this.#text;
    const clear = button(text.clear, () => {
      this.#inspection.clear();
      this.#chosen = undefined;
      this.#view.say(text.chooseFrame);
    });
    const changed = () => this.#tellFilter();
    this.#api.addEventListener('change', changed);
    this.#process.addEventListener('change', changed);
    this.#contains.addEventListener('input', changed);
    return element('div', { class: 'form-line' }, [
      labelled(text.filterApi, this.#api),
      labelled(text.filterProcess, this.#process),
      labelled(text.filterText, this.#contains),
      this.#pause,
      clear,
    ]);
  }

  #tellFilter(): void {
    const { value: api } = this.#api;
    this.#inspection.setFilter({
      api,
      process: this.#process.value,
      text: this.#contains.value,
    });
  }

  #togglePause(): void {
    this.#isPausedHere = !this.#isPausedHere;
    setText(this.#pause, this.#isPausedHere ? this.#text.goOn : this.#text.pause);
    this.#tellPause();
    this.#draw();
  }

  #tellPause(): void {
    this.#inspection.setPaused(this.#isPausedHere || this.#isUnseen);
  }

  /** Drawn once a frame of the screen, however often it is told. */
  #take(list: FrameList): void {
    this.#list = list;
    if (this.#isDrawing) return;
    this.#isDrawing = true;
    requestAnimationFrame(() => {
      this.#isDrawing = false;
      this.#draw();
    });
  }

  #draw(): void {
    const list = this.#list;
    const text = this.#text;
    if (list === undefined) return;
    this.#rows.show(list.rows);
    this.#rows.element.hidden = list.rows.length === 0;
    this.#empty.hidden = list.rows.length > 0;
    setText(this.#empty, list.kept === 0 ? text.noFrames : text.noFrameMatches);
    fillOptions(this.#api, list.apis.filter(Boolean), text.allApis, list.otherApis);
    fillOptions(this.#process, list.processes, text.allProcesses);
    const { matching, kept, keptBytes, notKept } = list;
    const counted = fill(text.framesKept, { matching, kept, size: sizeText(keptBytes) });
    const missed = fill(text.framesNotKept, { count: notKept.toLocaleString('en') });
    const parts = [counted, missed, ...(this.#isPausedHere ? [text.framesPaused] : [])];
    setText(this.#state, parts.join(' · '));
    const row = list.rows.find(({ id }) => id === this.#chosen?.id);
    const isAnswered = row?.responseBytes !== undefined;
    if (isAnswered && this.#chosen?.hasResponse === false) void this.#choose(row.id);
  }

  async #choose(id: number): Promise<void> {
    const chosen = { id, hasResponse: true };
    this.#chosen = chosen;
    const detail = await this.#inspection.detail(id);
    if (this.#chosen !== chosen) return;
    chosen.hasResponse = detail === undefined || detail.row.responseBytes !== undefined;
    if (detail === undefined) this.#view.say(this.#text.frameGone);
    else this.#view.show(detail);
  }
}

function labelled(label: string, control: HTMLElement): HTMLElement {
  control.id = newId('frames');
  return element('span', { class: 'field' }, [
    element('label', { for: control.id }, [label]),
    control,
  ]);
}

/** Changes nothing under the hand of who chooses. Keeps what is chosen, also where it has gone by; `others` stand behind a line. */
function fillOptions(
  target: HTMLSelectElement,
  values: readonly string[],
  all: string,
  others: readonly string[] = [],
): void {
  const { value } = target;
  const isOffered = value === '' || values.includes(value) || others.includes(value);
  const offered = isOffered ? values : [...values, value];
  const described = JSON.stringify(offered);
  const isBeingChosen = target.matches(':focus') && target.options.length > 0;
  if (isBeingChosen || target.dataset['offered'] === described) return;
  target.dataset['offered'] = described;
  const option = (each: string) => element('option', { value: each }, [each]);
  target.replaceChildren(
    element('option', { value: '' }, [all]),
    ...offered.map(option),
    ...(others.length === 0 ? [] : [element('hr'), ...others.map(option)]),
  );
  target.value = value;
}

function sizeText(bytes: number): string {
  return bytes < 1_048_576
    ? `${Math.round(bytes / 1_024)} KiB`
    : `${(bytes / 1_048_576).toFixed(1)} MiB`;
}
