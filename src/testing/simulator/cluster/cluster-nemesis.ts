import { type Random, randomBelow } from '../../../base/random.ts';
import type { ClusterWorld } from './cluster-world.ts';
import type { SimulatedNode } from './simulated-node.ts';

type Fault = (nemesis: ClusterNemesis) => void;

/** How often each kind of fault happens, relative to the others. */
const faults: readonly { readonly weight: number; readonly act: Fault }[] = [
  { weight: 3, act: (nemesis) => nemesis.loseProcess() },
  { weight: 2, act: (nemesis) => nemesis.losePower() },
  { weight: 2, act: (nemesis) => nemesis.stop() },
  { weight: 3, act: (nemesis) => nemesis.cutOff() },
  { weight: 2, act: (nemesis) => nemesis.cutLink() },
  { weight: 2, act: (nemesis) => nemesis.cutOneWay() },
  { weight: 2, act: (nemesis) => nemesis.reset() },
  { weight: 2, act: (nemesis) => nemesis.pause() },
  { weight: 1, act: (nemesis) => nemesis.slowDisk() },
  { weight: 1, act: (nemesis) => nemesis.fillDisk() },
  { weight: 1, act: (nemesis) => nemesis.jumpClock() },
  { weight: 2, act: (nemesis) => nemesis.roughenNetwork() },
];

/** Does to a cluster what happens to machines; each seed knows only some of the faults. */
export class ClusterNemesis {
  readonly #world: ClusterWorld;
  readonly #random: Random;
  readonly #chosen: readonly Fault[];
  readonly #intervalMsMax: number;
  #isActive = true;
  faultCount = 0;

  constructor(world: ClusterWorld) {
    this.#world = world;
    this.#random = world.random;
    const chosen = faults.filter(() => this.#below(2) === 0);
    this.#chosen = (chosen.length === 0 ? faults : chosen).flatMap(({ weight, act }) =>
      Array.from({ length: weight }, () => act),
    );
    this.#intervalMsMax = 1000 + this.#below(8000);
  }

  start(): void {
    this.#after(200 + this.#below(this.#intervalMsMax), () => {
      this.faultCount++;
      this.#chosen[this.#below(this.#chosen.length)]?.(this);
      this.start();
    });
  }

  /** Everything is repaired, and nothing more happens. */
  heal(): void {
    this.#isActive = false;
    const { network, nodes, story } = this.#world;
    story.tell('everything is repaired: all machines run, all links are whole');
    network.heal();
    network.smooth();
    for (const node of nodes) {
      node.disk.flushMsMax = 0;
      node.disk.makeRoom();
      node.resume();
      if (!node.isRunning) node.start();
    }
  }

  restartLater(node: SimulatedNode): void {
    const delayMs = this.#isActive ? 100 + this.#below(8000) : 0;
    this.#world.scheduler.after(delayMs, () => {
      if (node.isRunning) return;
      node.disk.makeRoom();
      this.#tell(`${node.name} is started again`);
      node.start();
    });
  }

  loseProcess(): void {
    const node = this.#any();
    if (!node.isRunning) return;
    this.#tell(`${node.name} is killed`);
    node.kill();
    this.restartLater(node);
  }

  losePower(): void {
    const node = this.#any();
    if (!node.isRunning) return;
    const { traits, promise } = this.#world;
    // Otherwise acknowledged records would be lost as a rule: nothing is promised of the last one in sync.
    const keepsPartitions = !(traits.losesLogEnds && promise.canSpare(node.id));
    const what = keepsPartitions ? 'what its metadata log' : 'all that it';
    this.#tell(`${node.name} loses power, and ${what} had not flushed`);
    node.powerOff({ luck: this.#below(2) === 0 ? this.#random : undefined, keepsPartitions });
    if (!keepsPartitions) promise.lostPower(node.id);
    this.restartLater(node);
  }

  stop(): void {
    const node = this.#any();
    if (node.broker === undefined) return;
    this.#tell(`${node.name} is asked to stop`);
    node.stop();
  }

  cutOff(): void {
    const node = this.#any();
    this.#tell(`${node.name} is cut off from the other nodes`);
    for (const other of this.#world.nodes) {
      if (other !== node) this.#world.network.cut(node.name, other.name);
    }
    // Clients may see the machine all the same, or not.
    if (this.#below(2) === 0) this.#world.network.cut(node.name, 'producer1');
    this.#healLater();
  }

  cutLink(): void {
    const [a, b] = this.#two();
    this.#tell(`the link between ${a.name} and ${b.name} is cut`);
    this.#world.network.cut(a.name, b.name);
    this.#healLater();
  }

  cutOneWay(): void {
    const [from, to] = this.#two();
    this.#tell(`nothing gets from ${from.name} to ${to.name} any more; the other way is whole`);
    this.#world.network.cutOneWay(from.name, to.name);
    this.#healLater();
  }

  reset(): void {
    const [a, b] = this.#two();
    this.#tell(`the connections between ${a.name} and ${b.name} are reset`);
    this.#world.network.reset(a.name, b.name);
  }

  pause(): void {
    const node = this.#any();
    const { lives } = node;
    const forMs = 200 + this.#below(9000);
    this.#tell(`${node.name} stands still for ${forMs} ms`);
    node.pause();
    this.#after(forMs, () => {
      if (node.lives !== lives || !node.isRunning) return;
      this.#tell(`${node.name} goes on`);
      node.resume();
    });
  }

  slowDisk(): void {
    const node = this.#any();
    const flushMsMax = 20 + this.#below(800);
    this.#tell(`the disk of ${node.name} gets slow: up to ${flushMsMax} ms a flush`);
    node.disk.flushMsMax = flushMsMax;
    this.#after(1000 + this.#below(6000), () => {
      this.#tell(`the disk of ${node.name} is fast again`);
      node.disk.flushMsMax = 2;
    });
  }

  fillDisk(): void {
    const node = this.#any();
    if (!node.isRunning) return;
    this.#tell(`the disk of ${node.name} is nearly full`);
    node.disk.fill();
  }

  jumpClock(): void {
    const node = this.#any();
    const byMs = this.#below(7_200_000) - 3_600_000;
    this.#tell(`the clock of ${node.name} jumps by ${byMs} ms`);
    node.clock.jump(byMs);
  }

  roughenNetwork(): void {
    const roughness = { jitterMs: 1 + this.#below(200), loss: this.#below(100) };
    this.#tell(
      `the network: up to ${roughness.jitterMs} ms, ${roughness.loss / 10} % of the segments are lost and sent again`,
    );
    this.#world.network.roughen(this.#random, roughness);
  }

  #healLater(): void {
    this.#after(200 + this.#below(10_000), () => {
      this.#tell('all links are whole again');
      this.#world.network.heal();
    });
  }

  #after(delayMs: number, task: () => void): void {
    this.#world.scheduler.after(delayMs, () => {
      if (this.#isActive) task();
    });
  }

  #any(): SimulatedNode {
    const node = this.#world.nodes[this.#below(this.#world.nodes.length)];
    if (node === undefined) throw new RangeError('there is always a node to choose');
    return node;
  }

  #two(): readonly [SimulatedNode, SimulatedNode] {
    const a = this.#any();
    for (;;) {
      const b = this.#any();
      if (a !== b) return [a, b];
    }
  }

  #below(bound: number): number {
    return randomBelow(this.#random, bound);
  }

  #tell(sentence: string): void {
    this.#world.story.tell(sentence);
  }
}
