import { randomBelow } from '../../../base/random.ts';
import {
  type SimulationOptions,
  type SimulationResult,
  type Traits,
  traitsOf,
} from '../simulation.ts';
import { EventuallyLive } from '../theorems/eventually-live.ts';
import { readBatches } from './observed-raft-log.ts';
import type { RaftDefects, RaftLife } from './raft-machine.ts';
import { RaftNemesis } from './raft-nemesis.ts';
import { RaftWorld } from './raft-world.ts';

const FAULTS_FOR_MS = 20_000;
const LIVE_WITHIN_MS = 30_000;

/** Simulates one seed of the quorum alone. `defects` break a rule on purpose, to see that it is noticed. */
export async function simulateRaft(
  options: SimulationOptions,
  defects: RaftDefects = {},
): Promise<SimulationResult> {
  const traits = traitsOf(options.seed);
  const world = new RaftWorld({ ...options, traits, defects });
  const run = new RaftRun(world, traits);
  await run.play();
  const { finding, story } = world;
  return { ...options, scenario: 'raft', finding, story: story.lines, counts: run.counts };
}

class RaftRun {
  readonly #world: RaftWorld;
  readonly #nemesis: RaftNemesis;
  readonly #traits: Traits;
  #isWriting = true;

  constructor(world: RaftWorld, traits: Traits) {
    this.#world = world;
    this.#traits = traits;
    this.#nemesis = new RaftNemesis(world);
    if (traits.strikesLeaders) world.onLeader = (machine) => this.#nemesis.strike(machine);
    world.onDown = (machine) => this.#nemesis.restartLater(machine);
  }

  get counts(): Readonly<Record<string, number>> {
    const { theorems, leaderCount, voterChangeCount } = this.#world;
    return {
      faults: this.#nemesis.faultCount,
      leaders: leaderCount,
      committed: theorems.committedEnd,
      'changes of voters': voterChangeCount,
    };
  }

  async play(): Promise<void> {
    const { machines } = this.#world;
    await this.#world.format();
    for (const machine of machines) machine.start();
    this.#nemesis.start();
    this.#writeOn();
    this.#snapshotOn();
    if (this.#traits.hasDynamicVoters) this.#changeVotersOn();
    await this.#passUntil(FAULTS_FOR_MS, () => false);
    this.#nemesis.heal();
    this.#isWriting = false;
    await this.#becomeLive();
    await this.#compareAll();
  }

  /** Lets time go by until `isDone`, or a theorem is broken; answers whether it is done. */
  async #passUntil(withinMs: number, isDone: () => boolean): Promise<boolean> {
    const { scheduler, clock } = this.#world;
    const endMs = clock.monotonicMs() + withinMs;
    while (this.#world.finding === undefined && !isDone()) {
      const stepMs = scheduler.nextTimerInMs ?? withinMs;
      if (endMs < clock.monotonicMs() + stepMs) return isDone();
      await scheduler.advance(stepMs);
    }
    return this.#world.finding === undefined;
  }

  async #becomeLive(): Promise<void> {
    const world = this.#world;
    /** Where the record ends that the leader of this epoch has taken since. */
    let goal = { epoch: -1, endOffset: 0 };
    const isLive = () => {
      const { leader, machines } = world;
      if (leader === undefined || world.lives.length < machines.length) return false;
      const lives = this.#voters();
      if (lives.some(({ raft }) => raft.leaderAndEpoch.leaderId !== leader.id)) return false;
      const { epoch } = leader.raft.role;
      if (goal.epoch !== epoch && !world.append(leader)) return false;
      if (goal.epoch !== epoch) goal = { epoch, endOffset: leader.log.endOffset };
      const end = Math.max(goal.endOffset, world.theorems.committedEnd);
      return lives.every(({ reader }) => end <= reader.endOffset);
    };
    if (await this.#passUntil(LIVE_WITHIN_MS, isLive)) return;
    const roles = world.machines.map(({ name, life }) =>
      life === undefined ? `${name} is down` : describeLife(life),
    );
    new EventuallyLive(world.report, LIVE_WITHIN_MS).isNotYetLive(roles.join('; '));
  }

  /**
   * Those who vote, as the leader has it. One who was removed and has not heard of it may stand for ever among
   * others like it, who ask for higher and higher epochs; until they ask first (KIP-996) nothing helps them but
   * an administrator.
   */
  #voters(): readonly RaftLife[] {
    const { leader, lives } = this.#world;
    return lives.filter(({ id }) => leader?.raft.voterSet.some((voter) => voter.id === id));
  }

  /**
   * What is on the disks is what the theorems believe, and holds all that was ever committed. One that does not
   * vote may still be putting a snapshot in the place of its log (seeds 2984, 6833, 7226).
   */
  async #compareAll(): Promise<void> {
    const { theorems, scheduler } = this.#world;
    const lives = this.#voters();
    for (const life of lives) theorems.holdsAll(life);
    for (const life of lives) {
      const onDisk = await scheduler.runUntil(readBatches(life.disk));
      const known = life.log.batches.filter(({ lastOffset }) => life.log.startOffset <= lastOffset);
      theorems.disk.holds(life.name, describeBatches(onDisk), describeBatches(known));
    }
  }

  /** Clients append at whoever thinks that it leads. */
  #writeOn(): void {
    const { scheduler, random } = this.#world;
    if (!this.#isWriting) return;
    scheduler.after(10 + randomBelow(random, 250), () => {
      this.#writeOn();
      const leaders = this.#world.lives.filter(({ raft }) => raft.role.kind === 'leader');
      const leader = leaders[randomBelow(random, Math.max(1, leaders.length))];
      const count = 1 + randomBelow(random, 3);
      for (let i = 0; leader !== undefined && i < count; i++) this.#world.append(leader);
    });
  }

  /** An administrator changes the voters, by whoever leads or believes to. */
  #changeVotersOn(): void {
    const { scheduler, random, machines } = this.#world;
    if (!this.#isWriting) return;
    scheduler.after(100 + randomBelow(random, 1500), () => {
      this.#changeVotersOn();
      const leaders = this.#world.lives.filter(({ raft }) => raft.role.kind === 'leader');
      const leader = leaders[randomBelow(random, Math.max(1, leaders.length))];
      const machine = machines[randomBelow(random, machines.length)];
      if (leader !== undefined && machine !== undefined) this.#world.changeVoters(leader, machine);
    });
  }

  #snapshotOn(): void {
    const { scheduler, random } = this.#world;
    if (!this.#isWriting) return;
    scheduler.after(500 + randomBelow(random, 6000), () => {
      this.#snapshotOn();
      const { lives } = this.#world;
      const life = lives[randomBelow(random, Math.max(1, lives.length))];
      if (life !== undefined) this.#world.snapshot(life);
    });
  }
}

function describeLife({ name, raft, log }: RaftLife): string {
  const { kind, epoch } = raft.role;
  return `${name} is ${kind} in epoch ${epoch}, its log ends at ${log.endOffset}`;
}

function describeBatches(
  batches: readonly { baseOffset: number; epoch: number; crc: number }[],
): string {
  return batches.map(({ baseOffset, epoch, crc }) => `${baseOffset}@${epoch}:${crc}`).join(' ');
}
