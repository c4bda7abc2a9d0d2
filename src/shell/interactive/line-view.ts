import { characterWidth, stripEscapes } from '../commands/support/text-width.ts';

export interface LineContent {
  /** May hold escape sequences. */
  readonly prompt: string;
  readonly before: string;
  readonly after: string;
}

interface Position {
  readonly row: number;
  readonly column: number;
}

const escapeCode = '\u001b';

/** Draws a prompt and the line behind it, over as many rows as it takes, and knows where its cursor is. */
export class LineView {
  #cursorRow = 0;
  #lastRow = 0;

  /** What to write to show the content in place of what was shown before. */
  render({ prompt, before, after }: LineContent, columns: number): string {
    const shown = visible(prompt) + before;
    const cursor = positionAfter(shown, columns);
    const end = positionAfter(shown + after, columns);
    const up = this.#cursorRow === 0 ? '' : `${escapeCode}[${this.#cursorRow}A`;
    // A full last row leaves the terminal's cursor on it: a newline takes it to the next.
    const wraps =
      end.column === 0 && 0 < end.row && !`${before}${after}`.endsWith('\n') ? '\n' : '';
    const text = `${prompt}${before}${after}`.replaceAll('\n', '\r\n');
    const back = end.row - cursor.row;
    const upToCursor = back === 0 ? '' : `${escapeCode}[${back}A`;
    const right = cursor.column === 0 ? '' : `${escapeCode}[${cursor.column}C`;
    this.#cursorRow = cursor.row;
    this.#lastRow = end.row;
    return `${up}\r${escapeCode}[J${text}${wraps}${upToCursor}\r${right}`;
  }

  /** Moves below the line and forgets it. */
  finish(): string {
    const down = this.#lastRow - this.#cursorRow;
    this.forget();
    return `${down === 0 ? '' : `${escapeCode}[${down}B`}\r\n`;
  }

  forget(): void {
    this.#cursorRow = 0;
    this.#lastRow = 0;
  }
}

/** Without escape sequences and bash's marks around them. */
function visible(prompt: string): string {
  return stripEscapes(prompt);
}

function positionAfter(text: string, columns: number): Position {
  let row = 0;
  let column = 0;
  for (const character of text) {
    if (character === '\n') {
      row++;
      column = 0;
      continue;
    }
    const width = characterWidth(character);
    if (columns < column + width) {
      row++;
      column = 0;
    }
    column += width;
  }
  return column < columns ? { row, column } : { row: row + 1, column: 0 };
}
