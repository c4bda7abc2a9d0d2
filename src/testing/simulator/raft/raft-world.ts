import { FileError } from '../../../base/file-system.ts';
import type { Random } from '../../../base/random.ts';
import { SeededRandom } from '../../../host/virtual/seeded-random.ts';
import { VirtualClock } from '../../../host/virtual/virtual-clock.ts';
import type { VirtualProcess } from '../../../host/virtual/virtual-process.ts';
import { VirtualScheduler } from '../../../host/virtual/virtual-scheduler.ts';
import type { QuorumEffect, RaftRequest, RaftResponse } from '../../../raft/quorum-types.ts';
import { NotLeaderError, type RaftListener } from '../../../raft/raft-listener.ts';
import { noMicrotaskIsLeft } from '../settle.ts';
import { Story } from '../story.ts';
import type { Finding, Report } from '../theorems/theorem.ts';
import { MessageNetwork } from './message-network.ts';
import { type RaftDefects, type RaftLife, RaftMachine, type RaftWitness } from './raft-machine.ts';
import { RaftTeller } from './raft-teller.ts';
import { RaftTheorems } from './raft-theorems.ts';

export interface RaftWorldOptions {
  readonly seed: number;
  readonly nodes: number;
  /** Tells votes and replication too. */
  readonly isDetailed?: boolean;
  readonly defects?: RaftDefects;
}

/** A quorum of replicas on virtual machines, watched by the theorems. */
export class RaftWorld implements RaftWitness {
  readonly clock = new VirtualClock();
  readonly scheduler = new VirtualScheduler(this.clock, { settle: noMicrotaskIsLeft });
  readonly random: Random;
  readonly network: MessageNetwork;
  readonly story = new Story(this.clock);
  readonly theorems: RaftTheorems;
  readonly machines: readonly RaftMachine[];
  /** The first theorem that was found to be broken. */
  finding: Finding | undefined;
  /** Told when a replica has ended by itself. */
  onDown: (machine: RaftMachine) => void = () => undefined;
  leaderCount = 0;
  readonly #teller: RaftTeller;
  /** Processes that write a snapshot: one at a time each. */
  readonly #snapshotting = new WeakSet<VirtualProcess>();
  /** How many values each leader has appended in each epoch. */
  readonly #appended = new Map<string, number>();

  constructor({ seed, nodes, isDetailed = false, defects = {} }: RaftWorldOptions) {
    this.random = new SeededRandom(seed);
    this.network = new MessageNetwork(this.scheduler, this.random);
    this.#teller = new RaftTeller(this.story, { isDetailed });
    this.theorems = new RaftTheorems(this.report);
    const voters = Array.from({ length: nodes }, (_, index) => index + 1);
    const { clock, scheduler, network, random } = this;
    const ids = Array.from({ length: nodes + (defects.observers ?? 0) }, (_, index) => index + 1);
    this.machines = ids.map(
      (id) =>
        new RaftMachine({ id, voters, clock, scheduler, network, random, witness: this, defects }),
    );
  }

  readonly report: Report = (finding) => {
    this.finding ??= finding;
  };

  async format(): Promise<void> {
    for (const machine of this.machines) await machine.format();
  }

  get lives(): readonly RaftLife[] {
    return this.machines.flatMap(({ life }) => (life === undefined ? [] : [life]));
  }

  /** The leader of the largest epoch among those that run. */
  get leader(): RaftLife | undefined {
    const leaders = this.lives.filter(({ raft }) => raft.role.kind === 'leader');
    return leaders.sort((a, b) => b.raft.role.epoch - a.raft.role.epoch)[0];
  }

  /** Appends a value of its own at a leader; answers whether the leader has taken it. */
  append(life: RaftLife): boolean {
    const { raft, name, process } = life;
    const { epoch } = raft.role;
    if (process.isPaused) return false;
    const writer = `${name}@${epoch}`;
    let isTaken = false;
    // A process that has just stood still comes to this only after what has waited: the number is drawn then.
    process.run(() => {
      const sequence = this.#appended.get(writer) ?? 0;
      try {
        raft.append(epoch, [new TextEncoder().encode(`${writer}#${sequence}`)]);
        isTaken = true;
        this.#appended.set(writer, sequence + 1);
      } catch (error) {
        // A full disk ends the replica by itself.
        if (!(error instanceof NotLeaderError || error instanceof FileError)) throw error;
      }
    });
    return isTaken;
  }

  /** The replica's user keeps a snapshot of all that it has read. */
  snapshot({ id, process, raft, reader, log }: RaftLife): void {
    const { endOffset } = reader;
    if (process.isPaused || this.#snapshotting.has(process)) return;
    if (endOffset <= log.startOffset || (raft.highWatermark ?? 0) < endOffset) return;
    const machine = this.machines.find((candidate) => candidate.id === id);
    this.#snapshotting.add(process);
    raft.createSnapshot(endOffset, reader.snapshot()).then(
      () => this.#snapshotting.delete(process),
      (error: unknown) => {
        if (machine !== undefined && process.isAlive) this.fault(machine, error);
      },
    );
  }

  effect(life: RaftLife, effect: QuorumEffect): void {
    if (effect.kind === 'become' && effect.role.kind === 'leader') this.leaderCount++;
    this.#teller.effect(life, effect);
    this.theorems.observe(life, life.raft.role.epoch, effect);
  }

  answered(life: RaftLife, to: number, request: RaftRequest, response: RaftResponse): void {
    this.#teller.answered(life, to, request, response);
  }

  listenerOf(life: RaftLife): RaftListener {
    const { theorems } = this;
    return {
      handleCommit: (batch) => theorems.hears(life, batch),
      handleLoadSnapshot: (snapshot) => theorems.hearsSnapshot(life, snapshot),
      handleLeaderChange: ({ leaderId, epoch }) => {
        if (leaderId === life.id) theorems.hearsOfOwnLeadership(life, epoch);
      },
    };
  }

  /** A replica may give up when its disk fails it, and only then. */
  fault(machine: RaftMachine, error: unknown): void {
    const hasExcuse = machine.disk.hasBeenFull;
    const reason = error instanceof Error ? error.message : String(error);
    this.story.tell(`${machine.name} cannot go on: ${reason}`);
    machine.kill();
    if (!hasExcuse) this.theorems.fault.hasFailed(machine.name, error);
    this.onDown(machine);
  }
}
