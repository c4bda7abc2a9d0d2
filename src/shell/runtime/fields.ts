import { escapePattern } from '../language/pattern.ts';

/** One field of an expanded word: its text, and the same with quoted characters protected. */
export interface Field {
  readonly text: string;
  /** For matching: what was quoted has a backslash before characters special to patterns. */
  readonly pattern: string;
}

/** Collects a word's pieces into fields by the rules of word splitting. */
export class FieldBuilder {
  readonly #separators: string;
  readonly #fields: Field[] = [];
  #text = '';
  #pattern = '';
  #isOpen = false;

  /** `separators` is IFS. */
  constructor(separators: string) {
    this.#separators = separators;
  }

  /** Text that is never split; quoted even when empty makes a field. */
  append(text: string, isQuoted: boolean): void {
    if (isQuoted) this.#isOpen = true;
    if (text === '') return;
    this.#isOpen = true;
    this.#text += text;
    this.#pattern += isQuoted ? escapePattern(text) : text;
  }

  /** An unquoted expansion's result: split at IFS, and a pattern. */
  appendSplit(text: string): void {
    if (text === '') return;
    if (this.#separators === '') {
      this.#appendActive(text);
      return;
    }
    let piece = '';
    for (let at = 0; at < text.length; at++) {
      const character = text.charAt(at);
      if (!this.#separators.includes(character)) {
        piece += character;
        continue;
      }
      this.#appendActive(piece);
      piece = '';
      at = this.#endAt(text, at);
    }
    this.#appendActive(piece);
  }

  /** Ends the field at a separator; blanks around one separator belong to it. */
  #endAt(text: string, start: number): number {
    let at = start;
    let hasHard = false;
    while (at < text.length && this.#separators.includes(text.charAt(at))) {
      const isBlank = /[ \t\n]/.test(text.charAt(at));
      if (!isBlank && hasHard) break;
      if (!isBlank) hasHard = true;
      at++;
    }
    if (hasHard) this.#isOpen = true;
    this.breakField();
    return at - 1;
  }

  #appendActive(text: string): void {
    if (text === '') return;
    this.#isOpen = true;
    this.#text += text;
    this.#pattern += text.replace(/\\/g, '\\\\');
  }

  /** Ends the field that is open, if any. */
  breakField(): void {
    if (this.#isOpen) this.#fields.push({ text: this.#text, pattern: this.#pattern });
    this.#text = '';
    this.#pattern = '';
    this.#isOpen = false;
  }

  finish(): readonly Field[] {
    this.breakField();
    return this.#fields;
  }
}
