import {
  askedPartitionsMax,
  type ClusterEvent,
  type ClusterReport,
  type WritesReport,
} from '../../../runtime/watcher/cluster-report.ts';
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
  readonly #measuredText = element('summary');
  readonly #measured: HTMLElement;
  /** Told to screen readers as it happens. */
  readonly #latest = element('p', { class: 'latest', role: 'status' });
  #lastAnswerAtMs: number | undefined;
  #leaderlessSinceMs: number | undefined;
  #hasSeenLeader = false;
  #electionMs: number | undefined;
  #pauseMs: number | undefined;

  constructor(text: PanelTexts) {
    this.#text = text;
    this.#measured = element('details', { class: 'measured', hidden: true }, [
      this.#measuredText,
      element('p', { class: 'panel-note' }, [text.howMeasured]),
    ]);
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
    for (const event of report.events) this.#measure(event);
  }

  #measure(event: ClusterEvent): void {
    const { measured, measuredNone, pauseMeasured } = this.#text;
    if (event.kind === 'leader-elected') {
      const isFirst = !this.#hasSeenLeader;
      this.#hasSeenLeader = true;
      if (isFirst) return;
      this.#electionMs = event.afterMs;
      this.#pauseMs = undefined;
    } else if (event.kind === 'writes-go-on') {
      this.#pauseMs = Math.max(event.afterMs, this.#pauseMs ?? 0);
    } else return;
    const said = (words: string, afterMs: number) =>
      fill(words, { duration: durationText(afterMs) });
    const election =
      this.#electionMs === undefined ? measuredNone : said(measured, this.#electionMs);
    const pause = this.#pauseMs === undefined ? [] : [said(pauseMeasured, this.#pauseMs)];
    setText(this.#measuredText, [election, ...pause].join(' · '));
    this.#measured.hidden = false;
    setAttributes(this.#measured, {
      'data-measured-ms': roundedText(this.#electionMs),
      'data-pause-ms': roundedText(this.#pauseMs),
    });
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

  #clusterText({ brokers, partitions, isMetadataStale, writes }: ClusterReport): string {
    const text = this.#text;
    if (partitions === undefined) return '';
    if (isMetadataStale) return text.brokersSilent;
    const active = brokers.filter(({ state }) => state === 'active').length;
    const { partitions: count, underReplicated: under, offline, from } = partitions;
    const isFine = under === 0 && offline === 0;
    const fine = count === 1 ? text.onePartitionFine : text.partitionsFine;
    const counted = { count, under, offline };
    return [
      fill(text.brokersActive, { active, all: brokers.length }),
      fill(isFine ? fine : text.partitionsTroubled, counted),
      ...(writes === undefined ? [] : [this.#writesText(writes)]),
      fill(text.readFrom, { machine: from }),
    ].join(' · ');
  }

  #writesText({ recordsPerSecond, partitions }: WritesReport): string {
    const { writes, writesPart } = this.#text;
    const rate = Math.round(recordsPerSecond).toLocaleString('en');
    return fill(partitions < askedPartitionsMax ? writes : writesPart, { rate, partitions });
  }
}

function roundedText(durationMs: number | undefined): string | undefined {
  return durationMs === undefined ? undefined : String(Math.round(durationMs));
}
