import { element, newId } from './dom.ts';

/** A cell: text, or text with a machine's mark or a state that is told by more than colour. */
export type Cell =
  | string
  | { readonly text: string; readonly machine?: string | undefined; readonly isAlert?: boolean }
  /** A name that may be long: two lines of it are shown, and all of it on hovering. */
  | { readonly name: string };

/** A captioned table whose rows are replaced when they differ. */
export class DataTable {
  readonly element: HTMLElement;
  readonly #head: readonly string[];
  readonly #body = element('tbody');
  #shown = '';

  constructor(caption: string, head: readonly string[]) {
    this.#head = head;
    const id = newId('table');
    const cells = head.map((text) => element('th', { scope: 'col' }, [text]));
    const table = element('table', { 'aria-labelledby': id }, [
      element('thead', {}, [element('tr', {}, cells)]),
      this.#body,
    ]);
    // Focusable, so that a table wider than its place can be scrolled by keys.
    const scroller = element(
      'div',
      { class: 'table-scroll', role: 'region', tabindex: '0', 'aria-labelledby': id },
      [table],
    );
    this.element = element('section', { class: 'panel-section' }, [
      element('h3', { id }, [caption]),
      scroller,
    ]);
  }

  setRows(rows: readonly (readonly Cell[])[], emptyText = ''): void {
    const described = JSON.stringify([rows, emptyText]);
    if (described === this.#shown) return;
    this.#shown = described;
    const empty = element('td', { colspan: String(this.#head.length) }, [emptyText]);
    if (rows.length > 0) this.#body.replaceChildren(...rows.map(toRow));
    else this.#body.replaceChildren(element('tr', { class: 'is-empty' }, [empty]));
  }
}

function toRow(cells: readonly Cell[]): HTMLElement {
  return element(
    'tr',
    {},
    cells.map((cell, at) =>
      element(at === 0 ? 'th' : 'td', at === 0 ? rowScope : {}, [inner(cell)]),
    ),
  );
}

const rowScope = { scope: 'row' };

function inner(cell: Cell): Node | string {
  if (typeof cell === 'string') return cell;
  if ('name' in cell) return element('span', { class: 'long-name', title: cell.name }, [cell.name]);
  const { text, machine, isAlert = false } = cell;
  const attributes = { class: isAlert ? 'is-alert' : 'machine', 'data-machine': machine };
  return machine === undefined && !isAlert ? text : element('span', attributes, [text]);
}
