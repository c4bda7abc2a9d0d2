/** Old texts that undo can bring back. */
const undoMax = 200;

/** The line being edited, by code points: letters that a cursor moves over one by one. */
export class EditBuffer {
  #letters: string[] = [];
  #cursor = 0;
  #killed = '';
  readonly #undo: { letters: string[]; cursor: number }[] = [];

  get text(): string {
    return this.#letters.join('');
  }

  get before(): string {
    return this.#letters.slice(0, this.#cursor).join('');
  }

  get after(): string {
    return this.#letters.slice(this.#cursor).join('');
  }

  get isAtEnd(): boolean {
    return this.#cursor === this.#letters.length;
  }

  get isEmpty(): boolean {
    return this.#letters.length === 0;
  }

  set(text: string, cursor?: number): void {
    this.#letters = [...text];
    this.#cursor = cursor ?? this.#letters.length;
  }

  insert(text: string): void {
    this.#remember();
    const letters = [...text];
    this.#letters.splice(this.#cursor, 0, ...letters);
    this.#cursor += letters.length;
  }

  /** Replaces what stands before the cursor. */
  replaceBefore(text: string): void {
    this.#remember();
    const letters = [...text];
    this.#letters.splice(0, this.#cursor, ...letters);
    this.#cursor = letters.length;
  }

  move(by: number): void {
    this.#cursor = Math.min(this.#letters.length, Math.max(0, this.#cursor + by));
  }

  moveToStart(): void {
    this.#cursor = 0;
  }

  moveToEnd(): void {
    this.#cursor = this.#letters.length;
  }

  moveWord(direction: -1 | 1): void {
    this.#cursor = this.#wordEdge(direction, (letter) => /[\p{L}\p{N}_]/u.test(letter));
  }

  deleteBackward(): void {
    if (this.#cursor === 0) return;
    this.#remember();
    this.#letters.splice(--this.#cursor, 1);
  }

  deleteForward(): void {
    if (this.isAtEnd) return;
    this.#remember();
    this.#letters.splice(this.#cursor, 1);
  }

  killToEnd(): void {
    this.#kill(this.#cursor, this.#letters.length);
  }

  killToStart(): void {
    this.#kill(0, this.#cursor);
  }

  /** Ctrl-W: back to the blank before. */
  killBlankWord(): void {
    this.#kill(
      this.#wordEdge(-1, (letter) => letter.trim() !== ''),
      this.#cursor,
    );
  }

  killWord(direction: -1 | 1): void {
    const edge = this.#wordEdge(direction, (letter) => /[\p{L}\p{N}_]/u.test(letter));
    this.#kill(Math.min(edge, this.#cursor), Math.max(edge, this.#cursor));
  }

  yank(): void {
    this.insert(this.#killed);
  }

  transpose(): void {
    const at = Math.min(this.#cursor, this.#letters.length - 1);
    const [left, right] = [this.#letters[at - 1], this.#letters[at]];
    if (left === undefined || right === undefined) return;
    this.#remember();
    this.#letters.splice(at - 1, 2, right, left);
    this.#cursor = at + 1;
  }

  undo(): void {
    const last = this.#undo.pop();
    if (last === undefined) return;
    this.#letters = last.letters;
    this.#cursor = last.cursor;
  }

  #kill(start: number, end: number): void {
    if (start === end) return;
    this.#remember();
    this.#killed = this.#letters.splice(start, end - start).join('');
    this.#cursor = start;
  }

  #wordEdge(direction: -1 | 1, isWord: (letter: string) => boolean): number {
    let at = this.#cursor;
    const next = () => this.#letters[direction === 1 ? at : at - 1];
    for (let letter = next(); letter !== undefined && !isWord(letter); letter = next())
      at += direction;
    for (let letter = next(); letter !== undefined && isWord(letter); letter = next())
      at += direction;
    return at;
  }

  #remember(): void {
    this.#undo.push({ letters: [...this.#letters], cursor: this.#cursor });
    if (undoMax < this.#undo.length) this.#undo.shift();
  }
}
