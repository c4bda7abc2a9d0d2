import type { ByteSink } from '../../base/program.ts';
import { EditBuffer } from './edit-buffer.ts';
import type { Key } from './key-decoder.ts';
import { LineView } from './line-view.ts';

export interface Completion {
  /** What the word before the cursor becomes, as far as it is certain; with what must follow it. */
  readonly replacement: string;
  /** Letters before the cursor that the replacement takes the place of. */
  readonly length: number;
  /** What it could be, for the second Tab. */
  readonly candidates: readonly string[];
}

export interface EditorHost {
  readonly output: ByteSink;
  columns(): number;
  complete(before: string): Promise<Completion>;
  /** Oldest first. */
  readonly history: readonly string[];
}

export type EditOutcome =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'interrupt' }
  | { readonly kind: 'end' };

/** Edits one line with the keys of bash in emacs mode. */
export class LineEditor {
  readonly #host: EditorHost;
  readonly #buffer = new EditBuffer();
  readonly #view = new LineView();
  readonly #prompt: string;
  #historyAt: number;
  #draft = '';
  #search: { query: string; at: number } | undefined;
  #lastWasTab = false;
  #outcome: EditOutcome | undefined;

  constructor(host: EditorHost, prompt: string) {
    this.#host = host;
    this.#prompt = prompt;
    this.#historyAt = host.history.length;
  }

  async start(): Promise<void> {
    await this.redraw();
  }

  get text(): string {
    return this.#buffer.text;
  }

  /** Handles a key; an outcome ends the line. */
  async handle(key: Key): Promise<EditOutcome | undefined> {
    const wasTab = this.#lastWasTab;
    this.#lastWasTab = false;
    if (this.#search !== undefined && (await this.#handleSearch(key))) return this.#outcome;
    if (key.kind === 'name') await this.#named(key.name, wasTab);
    else this.#buffer.insert(key.text);
    if (this.#outcome === undefined) await this.redraw();
    return this.#outcome;
  }

  async redraw(): Promise<void> {
    const { before, after } = this.#buffer;
    const content =
      this.#search === undefined
        ? { prompt: this.#prompt, before, after }
        : { prompt: `(reverse-i-search)\`${this.#search.query}': `, before, after };
    await this.#host.output.write(this.#view.render(content, this.#host.columns()));
  }

  async #named(name: string, wasTab: boolean): Promise<void> {
    const action = Object.hasOwn(movements, name) ? movements[name] : undefined;
    if (action !== undefined) {
      action(this.#buffer);
      return;
    }
    switch (name) {
      case 'enter':
        return this.#finish({ kind: 'line', text: this.#buffer.text });
      case 'ctrl-c':
        await this.#host.output.write('^C');
        return this.#finish({ kind: 'interrupt' });
      case 'ctrl-d':
        if (this.#buffer.isEmpty) return this.#finish({ kind: 'end' });
        this.#buffer.deleteForward();
        return;
      case 'ctrl-l':
        this.#view.forget();
        await this.#host.output.write('\u001b[H\u001b[2J');
        return;
      case 'up':
      case 'ctrl-p':
        return this.#recall(this.#historyAt - 1);
      case 'down':
      case 'ctrl-n':
        return this.#recall(this.#historyAt + 1);
      case 'ctrl-r':
        this.#search = { query: '', at: this.#host.history.length };
        return;
      case 'tab':
        await this.#complete(wasTab);
        return;
      case 'alt-.':
        this.#buffer.insert(this.#host.history.at(-1)?.split(/\s+/).at(-1) ?? '');
        return;
      default:
        return;
    }
  }

  async #finish(outcome: EditOutcome): Promise<void> {
    this.#buffer.moveToEnd();
    if (outcome.kind === 'line') await this.redraw();
    if (outcome.kind !== 'end') await this.#host.output.write(this.#view.finish());
    this.#outcome = outcome;
  }

  #recall(index: number): void {
    const { history } = this.#host;
    if (index < 0 || history.length < index) return;
    if (this.#historyAt === history.length) this.#draft = this.#buffer.text;
    this.#historyAt = index;
    this.#buffer.set(history[index] ?? this.#draft);
  }

  /** True: the key belonged to the search. */
  async #handleSearch(key: Key): Promise<boolean> {
    const search = this.#search;
    if (search === undefined) return false;
    if (key.kind !== 'name') {
      search.query += key.text;
      this.#findBackward(search.at);
    } else if (key.name === 'backspace') {
      search.query = [...search.query].slice(0, -1).join('');
      this.#findBackward(this.#host.history.length);
    } else if (key.name === 'ctrl-r') this.#findBackward(search.at - 1);
    else if (key.name === 'ctrl-g' || key.name === 'ctrl-c') {
      this.#search = undefined;
      this.#buffer.set('');
    } else {
      // Any other key takes the line that was found and does what it does.
      this.#search = undefined;
      return false;
    }
    await this.redraw();
    return true;
  }

  #findBackward(from: number): void {
    const search = this.#search;
    if (search === undefined || search.query === '') return;
    for (let at = Math.min(from, this.#host.history.length - 1); 0 <= at; at--) {
      const line = this.#host.history[at] ?? '';
      const index = line.lastIndexOf(search.query);
      if (index === -1) continue;
      search.at = at;
      this.#historyAt = at;
      this.#buffer.set(line, [...line.slice(0, index)].length);
      return;
    }
  }

  async #complete(wasTab: boolean): Promise<void> {
    this.#lastWasTab = true;
    const { replacement, length, candidates } = await this.#host.complete(this.#buffer.before);
    const letters = [...this.#buffer.before];
    const kept = letters.slice(0, letters.length - length).join('');
    if (kept + replacement !== this.#buffer.before && replacement !== '') {
      this.#buffer.replaceBefore(kept + replacement);
      return;
    }
    if (!wasTab || candidates.length < 2) return;
    this.#view.forget();
    await this.#host.output.write(`\r\n${inColumns(candidates, this.#host.columns())}`);
  }
}

const movements: Readonly<Record<string, (buffer: EditBuffer) => void>> = {
  left: (buffer) => buffer.move(-1),
  'ctrl-b': (buffer) => buffer.move(-1),
  right: (buffer) => buffer.move(1),
  'ctrl-f': (buffer) => buffer.move(1),
  home: (buffer) => buffer.moveToStart(),
  'ctrl-a': (buffer) => buffer.moveToStart(),
  end: (buffer) => buffer.moveToEnd(),
  'ctrl-e': (buffer) => buffer.moveToEnd(),
  'alt-b': (buffer) => buffer.moveWord(-1),
  'ctrl-left': (buffer) => buffer.moveWord(-1),
  'alt-left': (buffer) => buffer.moveWord(-1),
  'alt-f': (buffer) => buffer.moveWord(1),
  'ctrl-right': (buffer) => buffer.moveWord(1),
  'alt-right': (buffer) => buffer.moveWord(1),
  backspace: (buffer) => buffer.deleteBackward(),
  'ctrl-h': (buffer) => buffer.deleteBackward(),
  delete: (buffer) => buffer.deleteForward(),
  'ctrl-k': (buffer) => buffer.killToEnd(),
  'ctrl-u': (buffer) => buffer.killToStart(),
  'ctrl-w': (buffer) => buffer.killBlankWord(),
  'alt-d': (buffer) => buffer.killWord(1),
  'alt-backspace': (buffer) => buffer.killWord(-1),
  'ctrl-y': (buffer) => buffer.yank(),
  'ctrl-t': (buffer) => buffer.transpose(),
  'ctrl-_': (buffer) => buffer.undo(),
};

const candidatesMax = 200;

function inColumns(candidates: readonly string[], columns: number): string {
  const shown = candidates.slice(0, candidatesMax);
  const width = Math.max(...shown.map((text) => text.length)) + 2;
  const perRow = Math.max(1, Math.floor(columns / width));
  let text = '';
  for (let at = 0; at < shown.length; at += perRow) {
    text += `${shown
      .slice(at, at + perRow)
      .map((candidate) => candidate.padEnd(width))
      .join('')
      .trimEnd()}\r\n`;
  }
  const rest = candidates.length - shown.length;
  return 0 < rest ? `${text}… and ${rest} more\r\n` : text;
}
