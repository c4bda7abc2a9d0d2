import type { ClusterWatch, SandboxControl } from '../../../runtime/control/sandbox-control.ts';
import type { NetworkFault, Sandbox } from '../../../runtime/provider.ts';
import type { ClusterReport } from '../../../runtime/watcher/cluster-report.ts';
import type { PanelTexts } from '../../i18n/panel-en.ts';
import { fill } from '../../i18n/strings.ts';
import { ClusterSummary } from './cluster-summary.ts';
import { BrokerTable, QuorumTable } from './cluster-tables.ts';
import { element } from './dom.ts';
import type { LabView } from './lab-view.ts';
import { type DoneAction, MachineActions } from './machine-actions.ts';
import { MachineCards } from './machine-cards.ts';
import { networkForm } from './network-form.ts';
import { PartitionList } from './partition-list.ts';
import { TimelineView } from './timeline-view.ts';

/** The cluster as its nodes tell it over the wire, with the switches and cables of the machines. */
export class ClusterPanel implements LabView {
  readonly element: HTMLElement;
  readonly #text: PanelTexts;
  readonly #sandbox: Sandbox;
  readonly #watch: ClusterWatch;
  readonly #actions: MachineActions;
  readonly #summary: ClusterSummary;
  readonly #cards: MachineCards;
  readonly #typed = element('p', { class: 'typed', role: 'status' });
  readonly #quorum: QuorumTable;
  readonly #brokers: BrokerTable;
  readonly #partitions: PartitionList;
  readonly #timeline: TimelineView;
  readonly #stopListening: () => void;

  constructor(sandbox: Sandbox, control: SandboxControl, text: PanelTexts) {
    this.#text = text;
    this.#sandbox = sandbox;
    this.#actions = new MachineActions(sandbox, control, text, {
      onDone: (action) => this.#onDone(action),
      onFailed: (reason) => this.#say(fill(text.failed, { reason })),
    });
    const actions = () => this.#actions;
    this.#summary = new ClusterSummary(text);
    this.#cards = new MachineCards(sandbox.machines, text, actions);
    this.#quorum = new QuorumTable(text);
    this.#brokers = new BrokerTable(text);
    this.#partitions = new PartitionList(text, (view) => this.#watch.setView(view));
    this.#timeline = new TimelineView(text);
    this.element = this.#layOut(actions);
    this.#stopListening = sandbox.network.onChange((faults) => this.#cards.showFaults(faults));
    void sandbox.network.faults().then((faults: readonly NetworkFault[]) => {
      this.#cards.showFaults(faults);
    });
    this.#watch = control.watchCluster({
      onReport: (report) => this.#show(report),
      onMachines: (machines) => this.#cards.showMachines(machines),
    });
  }

  setPaused(isPaused: boolean): void {
    this.#watch.setPaused(isPaused);
  }

  dispose(): void {
    this.#stopListening();
    this.#watch.dispose();
    this.element.remove();
  }

  #layOut(actions: () => MachineActions): HTMLElement {
    const hasPeers = this.#sandbox.machines.length > 1;
    const form = hasPeers ? [networkForm(this.#sandbox.machines, this.#text, actions)] : [];
    const tables = element('div', { class: 'cluster-tables' }, [
      this.#quorum.element,
      this.#partitions.element,
      this.#brokers.element,
    ]);
    return element('div', { class: 'cluster' }, [
      this.#summary.element,
      this.#cards.element,
      ...form,
      this.#typed,
      element('div', { class: 'cluster-columns' }, [tables, this.#timeline.element]),
    ]);
  }

  #show(report: ClusterReport): void {
    this.#summary.show(report);
    this.#cards.showReport(report);
    this.#quorum.show(report.quorum);
    this.#brokers.show(report.brokers, report.isMetadataStale);
    this.#partitions.show(report.partitions, report.isMetadataStale);
    this.#timeline.addEvents(report.events);
  }

  #onDone(action: DoneAction): void {
    this.#timeline.addAction(action);
    const { command, elsewhere } = action;
    this.#typed.replaceChildren(
      ...this.#command(this.#text.typed, command),
      ...(elsewhere === '' ? [] : [' · ', ...this.#command(this.#text.typedThere, elsewhere)]),
    );
  }

  /** The sentence with the command in it as code. */
  #command(sentence: string, command: string): readonly (Node | string)[] {
    const [before = '', after = ''] = sentence.split('{command}');
    return [before, element('code', {}, [command]), after];
  }

  #say(words: string): void {
    this.#typed.replaceChildren(words);
  }
}
