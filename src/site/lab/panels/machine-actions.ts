import type { SandboxControl } from '../../../runtime/control/sandbox-control.ts';
import type { Sandbox } from '../../../runtime/provider.ts';
import type { PanelTexts } from '../../i18n/panel-en.ts';
import { fill } from '../../i18n/strings.ts';

/** What was done, with the commands that do the same. */
export interface DoneAction {
  readonly atMs: number;
  readonly label: string;
  /** For any terminal of the lab. */
  readonly command: string;
  /** For a machine that is one. */
  readonly elsewhere: string;
}

export interface LinkChoice {
  readonly from: string;
  /** Undefined: all others. */
  readonly to: string | undefined;
  readonly oneWay: boolean;
}

/** Pulls plugs and cables, and puts them back. */
export class MachineActions {
  readonly #sandbox: Sandbox;
  readonly #control: SandboxControl;
  readonly #text: PanelTexts;
  readonly #listener: ActionListener;

  constructor(
    sandbox: Sandbox,
    control: SandboxControl,
    text: PanelTexts,
    listener: ActionListener,
  ) {
    this.#sandbox = sandbox;
    this.#control = control;
    this.#text = text;
    this.#listener = listener;
  }

  kill(machine: string): void {
    const label = fill(this.#text.actionKill, { machine });
    this.#do(label, `lab kill ${machine}`, async () => {
      const pids = await this.#control.kill(machine);
      return pids.map((pid) => `kill -9 ${pid}`).join('; ');
    });
  }

  stop(machine: string): void {
    const label = fill(this.#text.actionStop, { machine });
    this.#do(label, `lab stop ${machine}`, async () => {
      await this.#control.stop(machine);
      return 'kafka-server-stop.sh';
    });
  }

  start(machine: string): void {
    const label = fill(this.#text.actionStart, { machine });
    this.#do(label, `lab start ${machine}`, async () => {
      const servers = await this.#control.start(machine);
      return servers.map(({ config }) => `kafka-server-start.sh -daemon ${config}`).join('; ');
    });
  }

  cut({ from, to, oneWay }: LinkChoice): void {
    const { network, machines } = this.#sandbox;
    const label = fill(this.#text.actionCut, { link: linkName({ from, to, oneWay }) });
    const peers = to === undefined ? machines.filter((each) => each !== from) : [to];
    const words = ['lab cut', ...(oneWay ? ['--one-way'] : []), from, ...(to ? [to] : [])];
    this.#do(label, words.join(' '), async () => {
      for (const peer of peers) await network.cut(from, peer, { oneWay });
      return dropRules(peers.join(','), oneWay);
    });
  }

  slow({ from, to, oneWay }: LinkChoice, delayMs: number): void {
    const { network, machines } = this.#sandbox;
    const label = fill(this.#text.actionSlow, { link: linkName({ from, to, oneWay }) });
    const peers = to === undefined ? machines.filter((each) => each !== from) : [to];
    const slow = oneWay ? 'lab slow --one-way' : 'lab slow';
    const words = peers.map((peer) => `${slow} ${from} ${peer} ${delayMs}`);
    this.#do(label, words.join('; '), async () => {
      for (const peer of peers) await network.delay(from, peer, delayMs, { oneWay });
      return `tc qdisc add dev eth0 root netem delay ${delayMs}ms`;
    });
  }

  heal(machine?: string): void {
    const label = fill(this.#text.actionHeal, { link: machine ?? this.#text.everything });
    this.#do(label, `lab heal ${machine ?? ''}`.trim(), async () => {
      await this.#sandbox.network.heal(machine);
      return 'iptables -F; tc qdisc del dev eth0 root';
    });
  }

  #do(label: string, command: string, act: () => Promise<string>): void {
    const atMs = Date.now();
    act()
      .then((elsewhere) => this.#listener.onDone({ atMs, label, command, elsewhere }))
      .catch((error: unknown) =>
        this.#listener.onFailed(error instanceof Error ? error.message : String(error)),
      );
  }
}

export interface ActionListener {
  onDone(action: DoneAction): void;
  onFailed(reason: string): void;
}

function linkName({ from, to, oneWay }: LinkChoice): string {
  if (to === undefined) return from;
  return `${from} ${oneWay ? '→' : '–'} ${to}`;
}

function dropRules(peer: string, oneWay: boolean): string {
  const outward = `iptables -A OUTPUT -d ${peer} -j DROP`;
  return oneWay ? outward : `iptables -A INPUT -s ${peer} -j DROP; ${outward}`;
}
