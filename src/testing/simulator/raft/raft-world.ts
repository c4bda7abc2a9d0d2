import { FileError } from '../../../base/file-system.ts';
import type { Random } from '../../../base/random.ts';
import { SeededRandom } from '../../../host/virtual/seeded-random.ts';
import { VirtualClock } from '../../../host/virtual/virtual-clock.ts';
import type { VirtualProcess } from '../../../host/virtual/virtual-process.ts';
import { VirtualScheduler } from '../../../host/virtual/virtual-scheduler.ts';
import type { QuorumEffect, RaftRequest, RaftResponse } from '../../../raft/quorum-types.ts';
import { NotLeaderError, type RaftListener } from '../../../raft/raft-listener.ts';
import { voterOf } from '../dynamic-voters.ts';
import { noMicrotaskIsLeft } from '../settle.ts';
import { plainTraits, type Traits } from '../simulation.ts';
import { Story } from '../story.ts';
import type { Finding, Report } from '../theorems/theorem.ts';
import { MessageNetwork } from './message-network.ts';
import { type RaftDefects, type RaftLife, RaftMachine, type RaftWitness } from './raft-machine.ts';
import { RaftTeller } from './raft-teller.ts';
import { RaftTheorems } from './raft-theorems.ts';

const VOTER_CHANGE_TIMEOUT_MS = 5000;

export interface RaftWorldOptions {
  readonly seed: number;
  readonly nodes: number;
  /** Tells votes and replication too. */
  readonly isDetailed?: boolean;
  readonly traits?: Traits;
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
  /** Told when a replica is elected. */
  onLeader: (machine: RaftMachine) => void = () => undefined;
  leaderCount = 0;
  /** How many changes of the voters were confirmed. */
  voterChangeCount = 0;
  readonly #teller: RaftTeller;
  /** Processes that write a snapshot: one at a time each. */
  readonly #snapshotting = new WeakSet<VirtualProcess>();
  /** How many values each leader has appended in each epoch. */
  readonly #appended = new Map<string, number>();

  constructor({ seed, nodes, isDetailed = false, ...rest }: RaftWorldOptions) {
    const { traits = plainTraits, defects = {} } = rest;
    this.random = new SeededRandom(seed);
    this.network = new MessageNetwork(this.scheduler, this.random);
    this.#teller = new RaftTeller(this.story, { isDetailed });
    this.theorems = new RaftTheorems(this.report);
    const voters = Array.from({ length: nodes }, (_, index) => index + 1);
    const { clock, scheduler, network, random } = this;
    const parts = { clock, scheduler, network, random, witness: this, traits, defects };
    this.machines = voters.map((id) => new RaftMachine({ id, voters, ...parts }));
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

  /** Somebody asks a leader to make a machine a voter, or no voter any more (KIP-853). */
  changeVoters({ name, process, raft }: RaftLife, machine: RaftMachine): void {
    process.run(() => {
      const voter = voterOf(machine.id);
      const isVoter = raft.voterSet.some(({ id }) => id === machine.id);
      const what = isVoter ? `remove ${machine.name} from` : `add ${machine.name} to`;
      this.story.tell(`${name} is asked to ${what} the voters`);
      const timeoutMs = VOTER_CHANGE_TIMEOUT_MS;
      const work = raft.changeVoters(
        isVoter ? { kind: 'remove', key: voter, timeoutMs } : { kind: 'add', voter, timeoutMs },
      );
      work.then(
        ({ errorCode }) => {
          if (errorCode === 'NONE') this.voterChangeCount++;
          this.story.tell(`${name} answers ${errorCode} to who asked to ${what} the voters`);
        },
        (error: unknown) => {
          if (process.isAlive) this.theorems.fault.hasFailed(name, error);
        },
      );
    });
  }

  effect(life: RaftLife, effect: QuorumEffect): void {
    this.#teller.effect(life, effect);
    this.theorems.observe(life, life.raft.role.epoch, effect);
    if (effect.kind !== 'become' || effect.role.kind !== 'leader') return;
    this.leaderCount++;
    const machine = this.machines.find(({ id }) => id === life.id);
    if (machine !== undefined) this.onLeader(machine);
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
