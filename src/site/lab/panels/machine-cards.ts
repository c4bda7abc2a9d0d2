import type { MachineState } from '../../../runtime/control/sandbox-control.ts';
import type { NetworkFault } from '../../../runtime/provider.ts';
import type { ClusterReport } from '../../../runtime/watcher/cluster-report.ts';
import type { PanelTexts } from '../../i18n/panel-en.ts';
import { fill } from '../../i18n/strings.ts';
import { button, element, machineName, setAttributes, setEnabled, setText } from './dom.ts';
import type { MachineActions } from './machine-actions.ts';

/** One card a machine: what runs, what it is in the cluster, how its network is, and its switches. */
export class MachineCards {
  readonly element: HTMLElement;
  readonly #cards: readonly MachineCard[];

  constructor(machines: readonly string[], text: PanelTexts, actions: () => MachineActions) {
    this.#cards = machines.map((machine) => new MachineCard({ machine, machines }, text, actions));
    this.element = element(
      'ul',
      { class: 'machine-cards', 'aria-label': text.machines },
      this.#cards.map((card) => card.element),
    );
  }

  showMachines(machines: readonly MachineState[]): void {
    for (const card of this.#cards) {
      const state = machines.find(({ name }) => name === card.machine);
      if (state !== undefined) card.showProcess(state);
    }
  }

  showReport(report: ClusterReport): void {
    for (const card of this.#cards) card.showRoles(report);
  }

  showFaults(faults: readonly NetworkFault[]): void {
    for (const card of this.#cards) card.showFaults(faults);
  }
}

class MachineCard {
  readonly machine: string;
  readonly element: HTMLElement;
  readonly #text: PanelTexts;
  readonly #process = element('p', { class: 'card-line' });
  readonly #roles = element('p', { class: 'card-line' });
  readonly #network = element('p', { class: 'card-line is-alert' });
  readonly #kill: HTMLButtonElement;
  readonly #stop: HTMLButtonElement;
  readonly #start: HTMLButtonElement;
  readonly #cut: HTMLButtonElement;
  readonly #heal: HTMLButtonElement;
  readonly #peers: readonly string[];
  #isRunning = false;

  constructor(
    { machine, machines }: { readonly machine: string; readonly machines: readonly string[] },
    text: PanelTexts,
    actions: () => MachineActions,
  ) {
    this.machine = machine;
    this.#text = text;
    const labelled = (label: string, name: string, act: () => void) =>
      button(label, act, { 'aria-label': fill(name, { machine }) });
    this.#kill = labelled(text.kill, text.killMachine, () => actions().kill(machine));
    this.#stop = labelled(text.stop, text.stopMachine, () => actions().stop(machine));
    this.#start = labelled(text.start, text.startMachine, () => actions().start(machine));
    this.#cut = labelled(text.cutOff, text.cutMachine, () =>
      actions().cut({ from: machine, to: undefined, oneWay: false }),
    );
    this.#heal = labelled(text.heal, text.healMachine, () => actions().heal(machine));
    this.#heal.hidden = true;
    for (const unknown of [this.#kill, this.#stop, this.#start]) setEnabled(unknown, false);
    const switches = [this.#kill, this.#stop, this.#start, this.#cut, this.#heal];
    this.element = element('li', { class: 'machine-card', 'data-machine': machine }, [
      element('h3', {}, [machineName(machine)]),
      this.#process,
      this.#roles,
      this.#network,
      element('div', { class: 'card-actions' }, switches),
    ]);
    this.#peers = machines;
    this.#cut.hidden = machines.length === 1;
  }

  showProcess({ servers, ended }: MachineState): void {
    const running = servers.map(
      ({ pid, config }) => `${fill(this.#text.running, { pid })} · ${fileOf(config)}`,
    );
    setText(this.#process, running.join(', ') || this.#text.notRunning);
    const isRunning = servers.length > 0;
    this.#isRunning = isRunning;
    setEnabled(this.#kill, isRunning);
    setEnabled(this.#stop, isRunning);
    setEnabled(this.#start, ended.length > 0);
    const hint = !isRunning && ended.length === 0 ? this.#text.neverRan : undefined;
    setAttributes(this.#start, { title: hint });
  }

  showRoles({ quorum, brokers }: ClusterReport): void {
    const text = this.#text;
    const voter = quorum?.voters.find(({ machine }) => machine === this.machine);
    const observer = quorum?.observers.find(({ machine }) => machine === this.machine);
    const broker = brokers.find(({ machine }) => machine === this.machine);
    const nodeId = voter?.nodeId ?? observer?.nodeId ?? broker?.nodeId;
    const voterRole = voter?.nodeId === quorum?.leaderId ? text.isLeader : text.isVoter;
    // What does not run plays no part, whatever the cluster believes until it notices.
    const isThere = this.#isRunning;
    const isSeen = isThere || broker?.state !== 'active';
    const parts = [
      ...(nodeId === undefined ? [] : [`${text.node} ${nodeId}`]),
      ...(voter === undefined || !isThere ? [] : [voterRole]),
      ...(voter === undefined && observer !== undefined && isThere ? [text.isObserver] : []),
      ...(broker === undefined || !isSeen ? [] : [`${text.isBroker} ${text[broker.state]}`]),
    ];
    setText(this.#roles, parts.join(' · '));
    const isLeader = isThere && voter !== undefined && voter.nodeId === quorum?.leaderId;
    this.element.toggleAttribute('data-leader', isLeader);
  }

  showFaults(faults: readonly NetworkFault[]): void {
    const said = faultsOf(this.machine, faults, this.#text);
    setText(this.#network, said);
    const focused = document.activeElement;
    this.#heal.hidden = said === '';
    const peers = this.#peers.filter((peer) => peer !== this.machine);
    const isCutOff = peers.every((peer) =>
      faults.some(({ from, to, isCut }) => isCut && from === this.machine && to === peer),
    );
    this.#cut.hidden = isCutOff;
    // Who has used one by the keyboard stands on the other.
    if (focused === this.#cut && this.#cut.hidden) this.#heal.focus();
    if (focused === this.#heal && this.#heal.hidden) this.#cut.focus();
  }
}

/** A machine's part of what is cut or slow, in words. */
export function faultsOf(
  machine: string,
  faults: readonly NetworkFault[],
  text: PanelTexts,
): string {
  const cutTo = faults.filter(({ from, isCut }) => isCut && from === machine).map(({ to }) => to);
  const deafTo = faults.filter(({ to, isCut }) => isCut && to === machine).map(({ from }) => from);
  const slow = faults.filter(({ from, delayMs }) => from === machine && delayMs > 0);
  const named: readonly (readonly [string, readonly string[]])[] = [
    [text.cutFrom, cutTo.filter((peer) => deafTo.includes(peer))],
    [text.cannotSend, cutTo.filter((peer) => !deafTo.includes(peer))],
    [text.cannotHear, deafTo.filter((peer) => !cutTo.includes(peer))],
  ];
  return [
    ...named
      .filter(([, names]) => names.length > 0)
      .map(([words, names]) => fill(words, { names: names.join(', ') })),
    ...slow.map(({ to, delayMs }) => fill(text.slowTo, { names: to, delay: delayMs })),
  ].join(' · ');
}

function fileOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
