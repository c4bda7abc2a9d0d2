/** A key as the line editor and the pager see it: text typed or pasted, or a name such as `left`, `ctrl-a`, `alt-b`. */
export type Key =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'paste'; readonly text: string }
  | { readonly kind: 'name'; readonly name: string };

const finals: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  F: 'end',
  H: 'home',
};

const tildes: Readonly<Record<string, string>> = {
  1: 'home',
  3: 'delete',
  4: 'end',
  5: 'page-up',
  6: 'page-down',
  7: 'home',
  8: 'end',
};

const controls: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\b': 'backspace',
  '\u007f': 'backspace',
};

const escapeCode = '\u001b';
const pasteStart = `${escapeCode}[200~`;
const pasteEnd = `${escapeCode}[201~`;

/** More than this in one paste is cut: it is no line any more. */
const pasteLengthMax = 1_000_000;

/** Turns bytes of a terminal in raw mode into keys; what is unfinished waits for the next bytes. */
export class KeyDecoder {
  readonly #decoder = new TextDecoder();
  #rest = '';

  push(bytes: Uint8Array): readonly Key[] {
    this.#rest += this.#decoder.decode(bytes, { stream: true });
    const keys: Key[] = [];
    for (;;) {
      const taken = this.#take();
      if (taken === undefined) return keys;
      const [key, length] = taken;
      this.#rest = this.#rest.slice(length);
      if (key !== undefined) keys.push(key);
    }
  }

  /** Whether a lone Escape waits for what may follow. */
  get hasPending(): boolean {
    return this.#rest !== '';
  }

  #take(): [Key | undefined, number] | undefined {
    const first = this.#rest.charAt(0);
    if (first === '') return undefined;
    if (first === escapeCode) return this.#takeEscape();
    const control = controls[first];
    if (control !== undefined) return [{ kind: 'name', name: control }, 1];
    if (first < ' ') {
      const letter = String.fromCharCode(first.charCodeAt(0) + 96);
      return [{ kind: 'name', name: `ctrl-${letter}` }, 1];
    }
    let length = 1;
    while (
      length < this.#rest.length &&
      ' ' <= this.#rest.charAt(length) &&
      this.#rest.charAt(length) !== '\u007f'
    )
      length++;
    return [{ kind: 'text', text: this.#rest.slice(0, length) }, length];
  }

  #takeEscape(): [Key | undefined, number] | undefined {
    const rest = this.#rest;
    if (rest.startsWith(pasteStart)) return this.#takePaste();
    if (rest.length === 1) return undefined;
    const sequence = /^\[([0-9;]*)([A-Za-z~])|^O([A-Z])/.exec(rest.slice(1));
    if (sequence !== null) {
      const name = sequenceName(sequence[1] ?? '', sequence[2] ?? sequence[3] ?? '');
      const key = name === undefined ? undefined : { kind: 'name' as const, name };
      return [key, sequence[0].length + 1];
    }
    if (/^[[O][0-9;]*$/.test(rest.slice(1)) && rest.length < 16) return undefined;
    const next = rest.charAt(1);
    const name =
      controls[next] === undefined ? `alt-${next.toLowerCase()}` : `alt-${controls[next]}`;
    return [{ kind: 'name', name }, 2];
  }

  #takePaste(): [Key, number] | undefined {
    const end = this.#rest.indexOf(pasteEnd);
    if (end === -1 && this.#rest.length < pasteLengthMax) return undefined;
    const stop = end === -1 ? this.#rest.length : end;
    const text = this.#rest.slice(pasteStart.length, stop).replace(/\r\n?/g, '\n');
    return [{ kind: 'paste', text }, end === -1 ? stop : stop + pasteEnd.length];
  }
}

/** `1;5C` is ctrl-right. */
function sequenceName(parameters: string, final: string): string | undefined {
  const [first = '', modifier] = parameters.split(';');
  const base = final === '~' ? tildes[first] : finals[final];
  if (base === undefined) return final === 'Z' ? 'shift-tab' : undefined;
  if (modifier === '5') return `ctrl-${base}`;
  return modifier === '3' ? `alt-${base}` : base;
}
