import {
  type PartitionReport,
  type PartitionsReport,
  type PartitionView,
  partitionRowsMax,
} from '../../../runtime/watcher/cluster-report.ts';
import type { PanelTexts } from '../../i18n/panel-en.ts';
import { fill } from '../../i18n/strings.ts';
import { type Cell, DataTable } from './data-table.ts';
import { button, element, newId, setEnabled, setText } from './dom.ts';

/** Partitions in pages, with a filter: ten thousand of them are counts and one page. */
export class PartitionList {
  readonly element: HTMLElement;
  readonly #text: PanelTexts;
  readonly #onView: (view: PartitionView) => void;
  readonly #table: DataTable;
  readonly #filter = element('input', { type: 'search', spellcheck: 'false' });
  readonly #onlyProblems = element('input', { type: 'checkbox' });
  readonly #count = element('span', { class: 'page-count' });
  readonly #previous: HTMLButtonElement;
  readonly #next: HTMLButtonElement;
  #first = 0;

  constructor(text: PanelTexts, onView: (view: PartitionView) => void) {
    this.#text = text;
    this.#onView = onView;
    this.#table = new DataTable(text.partitions, [
      text.topic,
      text.partition,
      text.leader,
      text.replicas,
      text.isr,
      text.state,
    ]);
    this.#previous = button(text.previous, () => this.#turn(-partitionRowsMax));
    this.#next = button(text.next, () => this.#turn(partitionRowsMax));
    this.element = this.#table.element;
    this.element.classList.add('partitions-section');
    this.element.querySelector('h3')?.after(this.#controls());
    this.element.append(
      element('div', { class: 'pager' }, [this.#previous, this.#count, this.#next]),
    );
  }

  /** Undefined: nobody has told anything yet. */
  show(report: PartitionsReport | undefined, isStale: boolean): void {
    this.element.toggleAttribute('data-stale', isStale);
    const { rows = [], first = 0, matching = 0, partitions = 0 } = report ?? {};
    const none = partitions === 0 ? this.#text.noTopics : this.#text.noMatch;
    const empty = report === undefined ? '–' : none;
    this.#table.setRows(
      rows.map((row) => this.#row(row)),
      empty,
    );
    this.#first = first;
    const last = first + rows.length;
    const values = { first: Math.min(first + 1, last), last, matching };
    setText(this.#count, rows.length === 0 ? '' : fill(this.#text.shown, values));
    setEnabled(this.#previous, first > 0);
    setEnabled(this.#next, last < matching);
    this.#previous.parentElement?.toggleAttribute('hidden', matching <= partitionRowsMax);
  }

  #controls(): HTMLElement {
    this.#filter.id = newId('filter');
    this.#filter.addEventListener('input', () => this.#tell(0));
    this.#onlyProblems.addEventListener('change', () => this.#tell(0));
    return element('div', { class: 'form-line' }, [
      element('span', { class: 'field' }, [
        element('label', { for: this.#filter.id }, [this.#text.filter]),
        this.#filter,
      ]),
      element('label', { class: 'choice' }, [this.#onlyProblems, ` ${this.#text.onlyProblems}`]),
    ]);
  }

  #turn(by: number): void {
    this.#tell(Math.max(0, this.#first + by));
  }

  #tell(first: number): void {
    const { value: filter } = this.#filter;
    this.#onView({ filter, onlyProblems: this.#onlyProblems.checked, first });
  }

  #row(partition: PartitionReport): readonly Cell[] {
    const { topic, leader, replicas, isr } = partition;
    return [
      { name: topic },
      String(partition.partition),
      leader < 0 ? { text: this.#text.none, isAlert: true } : String(leader),
      replicas.join(', '),
      isr.join(', ') || this.#text.none,
      this.#state(partition),
    ];
  }

  #state({ leader, replicas, isr }: PartitionReport): Cell {
    if (leader < 0) return { text: `✕ ${this.#text.offline}`, isAlert: true };
    if (isr.length === replicas.length) return this.#text.inSync;
    return { text: `▲ ${this.#text.underReplicated}`, isAlert: true };
  }
}
