import { type Random, randomBelow } from '../../../base/random.ts';
import { listed } from '../story.ts';
import { calmNetwork } from './message-network.ts';
import type { RaftMachine } from './raft-machine.ts';
import type { RaftWorld } from './raft-world.ts';

type Fault = (nemesis: RaftNemesis) => void;

/** How often each kind of fault happens, relative to the others. */
const faults: readonly { readonly weight: number; readonly act: Fault }[] = [
  { weight: 3, act: (nemesis) => nemesis.crash() },
  { weight: 2, act: (nemesis) => nemesis.killProcess() },
  { weight: 2, act: (nemesis) => nemesis.stopGracefully() },
  { weight: 3, act: (nemesis) => nemesis.cutOff() },
  { weight: 3, act: (nemesis) => nemesis.cutLink() },
  { weight: 2, act: (nemesis) => nemesis.cutOneWay() },
  { weight: 2, act: (nemesis) => nemesis.pause() },
  { weight: 2, act: (nemesis) => nemesis.slowDisk() },
  { weight: 1, act: (nemesis) => nemesis.fillDisk() },
  { weight: 1, act: (nemesis) => nemesis.jumpClock() },
  { weight: 3, act: (nemesis) => nemesis.roughenNetwork() },
];

/**
 * Does to a quorum what happens to machines. Each seed knows only some of the faults ("swarm testing"):
 * a world in which everything fails all the time never gets far enough to fail in an interesting way.
 */
export class RaftNemesis {
  readonly #world: RaftWorld;
  readonly #random: Random;
  readonly #chosen: readonly Fault[];
  readonly #intervalMsMax: number;
  #isActive = true;
  faultCount = 0;

  constructor(world: RaftWorld) {
    this.#world = world;
    this.#random = world.random;
    const chosen = faults.filter(() => this.#below(2) === 0);
    this.#chosen = (chosen.length === 0 ? faults : chosen).flatMap(({ weight, act }) =>
      Array.from({ length: weight }, () => act),
    );
    this.#intervalMsMax = 300 + this.#below(3000);
  }

  start(): void {
    if (!this.#isActive) return;
    this.#after(50 + this.#below(this.#intervalMsMax), () => {
      this.faultCount++;
      this.#chosen[this.#below(this.#chosen.length)]?.(this);
      this.start();
    });
  }

  /** Everything is repaired, and nothing more happens. */
  heal(): void {
    this.#isActive = false;
    const { network, machines, story } = this.#world;
    story.tell('everything is repaired: all machines run, all links are whole');
    network.heal();
    network.faults = calmNetwork;
    for (const machine of machines) {
      machine.disk.flushMsMax = 0;
      machine.disk.makeRoom();
      machine.resume();
      if (!machine.isRunning) machine.start();
    }
  }

  /** A replica has ended: someone starts it again, with room on its disk. */
  restartLater(machine: RaftMachine): void {
    const delayMs = this.#isActive ? 100 + this.#below(3000) : 0;
    this.#world.scheduler.after(delayMs, () => {
      if (machine.isRunning) return;
      machine.disk.makeRoom();
      this.#tell(`${machine.name} is started again`);
      machine.start();
    });
  }

  crash(): void {
    const machine = this.#anyRunning();
    if (machine === undefined) return;
    const isLucky = this.#below(2) === 0;
    const loss = isLucky ? 'and may lose' : 'and loses';
    this.#tell(`${machine.name} loses power, ${loss} what its disk had not flushed`);
    machine.powerOff(isLucky ? this.#random : undefined);
    this.restartLater(machine);
  }

  /** Half of the new leaders meet with misfortune, most of these before anybody has heard of them. */
  strike(machine: RaftMachine): void {
    if (!this.#isActive || this.#below(2) === 0) return;
    this.#after(this.#below(this.#below(2) === 0 ? 4 : 100), () => {
      const blows: readonly (() => void)[] = [
        () => this.killProcess(machine),
        () => this.cutOff(machine),
        () => this.pause(machine),
      ];
      this.faultCount++;
      blows[this.#below(blows.length)]?.();
    });
  }

  killProcess(machine = this.#anyRunning()): void {
    if (machine?.isRunning !== true) return;
    this.#tell(`${machine.name} is killed`);
    machine.kill();
    this.restartLater(machine);
  }

  stopGracefully(): void {
    const machine = this.#anyRunning();
    if (machine?.life === undefined) return;
    const { life } = machine;
    this.#tell(`${machine.name} is asked to stop`);
    const end = () => {
      if (machine.life !== life) return;
      this.#tell(`${machine.name} has stopped`);
      machine.kill();
      this.restartLater(machine);
    };
    life.process.run(() => {
      life.raft.shutdown(5000).then(end, (error: unknown) => this.#world.fault(machine, error));
    });
  }

  cutOff(machine = this.#any()): void {
    this.#tell(`${machine.name} is cut off from the others`);
    for (const other of this.#others(machine)) this.#cutBoth(machine, other);
    this.#healLater();
  }

  cutLink(): void {
    const a = this.#any();
    const b = this.#otherThan(a);
    this.#tell(`the link between ${a.name} and ${b.name} is cut`);
    this.#cutBoth(a, b);
    this.#healLater();
  }

  cutOneWay(): void {
    const from = this.#any();
    const isFromAll = this.#below(2) === 0;
    const targets = isFromAll ? this.#others(from) : [this.#otherThan(from)];
    const names = listed(targets.map(({ name }) => name));
    this.#tell(`nothing gets from ${from.name} to ${names} any more; the other way is whole`);
    for (const to of targets) this.#world.network.cut(from.id, to.id);
    this.#healLater();
  }

  pause(machine = this.#anyRunning()): void {
    if (machine?.isRunning !== true) return;
    const forMs = 100 + this.#below(5000);
    this.#tell(`${machine.name} stands still for ${forMs} ms`);
    machine.pause();
    const { life } = machine;
    this.#after(forMs, () => {
      if (!machine.isRunning || machine.life !== life) return;
      this.#tell(`${machine.name} goes on`);
      machine.resume();
    });
  }

  slowDisk(): void {
    const machine = this.#any();
    const flushMsMax = 20 + this.#below(1000);
    this.#tell(`the disk of ${machine.name} gets slow: up to ${flushMsMax} ms a flush`);
    machine.disk.flushMsMax = flushMsMax;
    this.#after(500 + this.#below(4000), () => {
      this.#tell(`the disk of ${machine.name} is fast again`);
      machine.disk.flushMsMax = 2;
    });
  }

  fillDisk(): void {
    const machine = this.#anyRunning();
    if (machine === undefined) return;
    this.#tell(`the disk of ${machine.name} is nearly full`);
    machine.disk.fill();
    this.#after(500 + this.#below(3000), () => {
      this.#tell(`there is room again on the disk of ${machine.name}`);
      machine.disk.makeRoom();
    });
  }

  jumpClock(): void {
    const machine = this.#any();
    const byMs = this.#below(7_200_000) - 3_600_000;
    this.#tell(`the clock of ${machine.name} jumps by ${byMs} ms`);
    machine.clock.jump(byMs);
  }

  roughenNetwork(): void {
    const { network } = this.#world;
    network.faults = {
      delayMs: this.#below(30),
      jitterMs: this.#below(this.#below(3) === 0 ? 1500 : 80),
      loss: this.#below(200),
      duplication: this.#below(200),
    };
    const { delayMs, jitterMs, loss, duplication } = network.faults;
    this.#tell(
      `the network: ${delayMs} to ${delayMs + jitterMs} ms, ${loss / 10} % lost, ${duplication / 10} % doubled`,
    );
  }

  #healLater(): void {
    this.#after(100 + this.#below(5000), () => {
      this.#tell('all links are whole again');
      this.#world.network.heal();
    });
  }

  #cutBoth(a: RaftMachine, b: RaftMachine): void {
    this.#world.network.cut(a.id, b.id);
    this.#world.network.cut(b.id, a.id);
  }

  /** Not any more once everything is to be whole. */
  #after(delayMs: number, task: () => void): void {
    this.#world.scheduler.after(delayMs, () => {
      if (this.#isActive) task();
    });
  }

  #any(): RaftMachine {
    return this.#pick(this.#world.machines);
  }

  /** The leader more often than others: there it hurts most. */
  #anyRunning(): RaftMachine | undefined {
    const running = this.#world.machines.filter(({ life }) => life !== undefined);
    if (running.length === 0) return undefined;
    const leader = running.find(({ life }) => life?.raft.role.kind === 'leader');
    return leader !== undefined && this.#below(3) === 0 ? leader : this.#pick(running);
  }

  #others(machine: RaftMachine): readonly RaftMachine[] {
    return this.#world.machines.filter((other) => other !== machine);
  }

  #otherThan(machine: RaftMachine): RaftMachine {
    return this.#pick(this.#others(machine));
  }

  #pick(machines: readonly RaftMachine[]): RaftMachine {
    const machine = machines[this.#below(machines.length)];
    if (machine === undefined) throw new RangeError('there is always a machine to choose');
    return machine;
  }

  #below(bound: number): number {
    return randomBelow(this.#random, bound);
  }

  #tell(sentence: string): void {
    this.#world.story.tell(sentence);
  }
}
