import type {
  BrokerReport,
  QuorumReport,
  ReplicaReport,
} from '../../../runtime/watcher/cluster-report.ts';
import type { PanelTexts } from '../../i18n/panel-en.ts';
import { fill } from '../../i18n/strings.ts';
import { type Cell, DataTable } from './data-table.ts';
import { element, setText } from './dom.ts';
import { durationText } from './duration.ts';

/** The voters and observers of the metadata quorum, as its leader knows them. */
export class QuorumTable {
  readonly element: HTMLElement;
  readonly #text: PanelTexts;
  readonly #table: DataTable;
  readonly #note = element('p', { class: 'panel-note' });

  constructor(text: PanelTexts) {
    this.#text = text;
    const head = [text.node, text.role, text.logEnd, text.lag, text.lastFetch, text.caughtUp];
    this.#table = new DataTable(text.quorum, head);
    this.element = this.#table.element;
    this.element.append(this.#note);
  }

  /** Without a leader nobody knows: what was seen last stays, marked by the summary. */
  show(quorum: QuorumReport | undefined): void {
    this.element.toggleAttribute('data-stale', quorum === undefined);
    if (quorum === undefined) return;
    const text = this.#text;
    const roleOf = ({ nodeId }: ReplicaReport) =>
      nodeId === quorum.leaderId ? `★ ${text.isLeader}` : text.isVoter;
    this.#table.setRows([
      ...quorum.voters.map((voter) => this.#row(voter, roleOf(voter))),
      ...quorum.observers.map((observer) => this.#row(observer, text.isObserver)),
    ]);
    setText(this.#note, fill(text.quorumNote, { offset: quorum.highWatermark }));
  }

  #row(replica: ReplicaReport, role: string): readonly Cell[] {
    const { nodeId, machine, logEndOffset, lag, lastFetchAgoMs, caughtUpAgoMs } = replica;
    return [
      { text: String(nodeId), machine: machine ?? 'unknown' },
      role,
      logEndOffset < 0 ? this.#text.unknown : String(logEndOffset),
      lag === undefined ? this.#text.unknown : String(lag),
      this.#ago(lastFetchAgoMs),
      this.#ago(caughtUpAgoMs),
    ];
  }

  #ago(durationMs: number | undefined): string {
    if (durationMs === undefined) return this.#text.unknown;
    // Steps of a tenth of a second: it changes with every sample.
    const rounded = Math.round(durationMs / 100) * 100;
    return fill(this.#text.ago, { duration: durationText(rounded) });
  }
}

/** The brokers that the cluster names, and those that it named before. */
export class BrokerTable {
  readonly element: HTMLElement;
  readonly #text: PanelTexts;
  readonly #table: DataTable;

  constructor(text: PanelTexts) {
    this.#text = text;
    const head = [text.node, text.listener, text.rack, text.state];
    this.#table = new DataTable(text.brokers, head);
    this.element = this.#table.element;
  }

  show(brokers: readonly BrokerReport[], isStale: boolean): void {
    this.element.toggleAttribute('data-stale', isStale);
    const rows = brokers.map(({ nodeId, machine, host, port, rack, state }): readonly Cell[] => [
      { text: String(nodeId), machine: machine ?? 'unknown' },
      `${host}:${port}`,
      rack ?? '–',
      state === 'active' ? this.#text.active : { text: `▲ ${this.#text[state]}`, isAlert: true },
    ]);
    this.#table.setRows(rows, '–');
  }
}
