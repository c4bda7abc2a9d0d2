import type { ClusterReport } from '../../../runtime/watcher/cluster-report.ts';
import type { PanelTexts } from '../../i18n/panel-en.ts';
import { fill } from '../../i18n/strings.ts';
import { element, setAttributes, setText } from './dom.ts';
import { clockText, durationText } from './duration.ts';
import { eventText } from './event-text.ts';

/** The cluster in two lines, and plainly what cannot be known. */
export class ClusterSummary {
  readonly element = element('div', { class: 'cluster-summary' });
  readonly #text: PanelTexts;
  readonly #quorum = element('p');
  readonly #cluster = element('p');
  readonly #measured = element('p', { class: 'measured' });
  /** Told to screen readers as it happens. */
  readonly #latest = element('p', { class: 'latest', role: 'status' });
  #lastAnswerAtMs: number | undefined;
  #leaderlessSinceMs: number | undefined;

  constructor(text: PanelTexts) {
    this.#text = text;
    this.element.append(this.#quorum, this.#measured, this.#cluster, this.#latest);
    setText(this.#quorum, text.nothingListens);
  }

  show(report: ClusterReport): void {
    const isAnswered = report.nodes.some((node) => node.isAnswering && node.kind !== 'other');
    if (isAnswered) this.#lastAnswerAtMs = report.atMs;
    if (report.quorum !== undefined) this.#leaderlessSinceMs = undefined;
    else this.#leaderlessSinceMs ??= report.atMs;
    setText(this.#quorum, this.#quorumText(report, isAnswered));
    this.#quorum.classList.toggle('is-alert', report.quorum === undefined && this.#wasSeen);
    setText(this.#cluster, isAnswered ? this.#clusterText(report) : '');
    const latest = report.events.at(-1);
    if (latest !== undefined) {
      setText(this.#latest, `${clockText(latest.atMs)} ${eventText(latest, this.#text)}`);
    }
    for (const event of report.events) {
      if (event.kind !== 'leader-elected' || event.afterMs === undefined) continue;
      setText(this.#measured, fill(this.#text.measured, { duration: durationText(event.afterMs) }));
      setAttributes(this.#measured, { 'data-measured-ms': String(Math.round(event.afterMs)) });
    }
  }

  get #wasSeen(): boolean {
    return this.#lastAnswerAtMs !== undefined;
  }

  #quorumText({ nodes, quorum, atMs }: ClusterReport, isAnswered: boolean): string {
    const text = this.#text;
    if (quorum !== undefined) {
      const leads = fill(text.leads, { node: quorum.leaderId, epoch: quorum.epoch });
      const rivals = quorum.rivals.map(({ nodeId, epoch }) =>
        fill(text.rivals, { node: nodeId, epoch }),
      );
      return [leads, ...rivals].join(' · ');
    }
    if (isAnswered) {
      const sinceMs = atMs - (this.#leaderlessSinceMs ?? atMs);
      return fill(text.noLeader, { duration: durationText(sinceMs) });
    }
    if (this.#lastAnswerAtMs !== undefined) {
      return fill(text.nobodyAnswers, { time: clockText(this.#lastAnswerAtMs) });
    }
    return nodes.length === 0
      ? text.nothingListens
      : fill(text.connecting, { count: nodes.length });
  }

  #clusterText({ brokers, partitions }: ClusterReport): string {
    const text = this.#text;
    if (partitions === undefined) return '';
    const active = brokers.filter(({ state }) => state === 'active').length;
    const { partitions: count, underReplicated: under, offline, from } = partitions;
    const troubled = under > 0 || offline > 0;
    const counted = { count, under, offline };
    return [
      fill(text.brokersActive, { active, all: brokers.length }),
      fill(troubled ? text.partitionsTroubled : text.partitionsFine, counted),
      fill(text.readFrom, { machine: from }),
    ].join(' · ');
  }
}
