import type { Logger } from '../../../base/logger.ts';
import type { Random } from '../../../base/random.ts';
import { MetadataLog } from '../../../broker/metadata-log.ts';
import { SeededRandom } from '../../../host/virtual/seeded-random.ts';
import type { VirtualClock } from '../../../host/virtual/virtual-clock.ts';
import { VirtualProcess } from '../../../host/virtual/virtual-process.ts';
import type { VirtualScheduler } from '../../../host/virtual/virtual-scheduler.ts';
import { noCodecs } from '../../../protocol/records/compression.ts';
import { correctRules } from '../../../raft/quorum-rules.ts';
import { type ElectionStore, QuorumStateFile } from '../../../raft/quorum-state-file.ts';
import type {
  QuorumEffect,
  QuorumRules,
  RaftRequest,
  RaftResponse,
} from '../../../raft/quorum-types.ts';
import { RaftClient } from '../../../raft/raft-client.ts';
import type { RaftListener } from '../../../raft/raft-listener.ts';
import type { RaftLog } from '../../../raft/raft-log.ts';
import { Disk } from '../disk.ts';
import { directoryIdOf, formatVoters } from '../dynamic-voters.ts';
import { MachineClock } from '../machine-clock.ts';
import type { Traits } from '../simulation.ts';
import { workerName } from '../story.ts';
import type { MessageNetwork } from './message-network.ts';
import { ObservedRaftLog } from './observed-raft-log.ts';
import { RaftReader } from './raft-reader.ts';
import type { ObservedReplica } from './raft-theorems.ts';

/** One life of a replica: all that dies with its process. */
export interface RaftLife extends ObservedReplica {
  readonly process: VirtualProcess;
  readonly raft: RaftClient;
  readonly disk: MetadataLog;
}

/** Hears what happens on the machines. */
export interface RaftWitness {
  effect(life: RaftLife, effect: QuorumEffect): void;
  listenerOf(life: RaftLife): RaftListener;
  /** It has answered a request. */
  answered(life: RaftLife, to: number, request: RaftRequest, response: RaftResponse): void;
  /** The replica has ended itself. */
  fault(machine: RaftMachine, error: unknown): void;
}

export interface RaftMachineOptions {
  readonly id: number;
  readonly voters: readonly number[];
  readonly clock: VirtualClock;
  readonly scheduler: VirtualScheduler;
  readonly network: MessageNetwork;
  readonly random: Random;
  readonly witness: RaftWitness;
  readonly traits: Traits;
  readonly defects?: RaftDefects;
}

/** Rules broken on purpose. */
export interface RaftDefects {
  readonly rules?: Partial<QuorumRules>;
  /** Breaks what keeps votes. */
  readonly elections?: (correct: ElectionStore) => ElectionStore;
  /** Takes every message for one of its own epoch. */
  readonly ignoresEpochs?: boolean;
  /** Breaks a log, in place. */
  readonly log?: (log: RaftLog) => void;
}

const logDir = '/kafka-logs';
const metadataFolder = `${logDir}/__cluster_metadata-0`;
/** Small, so that logs roll. */
const SEGMENT_BYTES = 16_384;

/** Kafka's defaults. */
const quorumConfig = {
  electionTimeoutMs: 1000,
  electionBackoffMaxMs: 1000,
  fetchTimeoutMs: 2000,
  retryBackoffMs: 20,
};

const silent: Logger = { log() {} };

/** A machine with a disk and, most of the time, a replica of the metadata log that runs on it. */
export class RaftMachine {
  readonly id: number;
  readonly name: string;
  readonly disk: Disk;
  readonly clock: MachineClock;
  /** Where within its range each random time of this machine falls, from 0 to below 1; undefined for true randomness. */
  chance: number | undefined;
  readonly #options: RaftMachineOptions;
  #process: VirtualProcess | undefined;
  #life: RaftLife | undefined;
  #lives = 0;

  constructor(options: RaftMachineOptions) {
    const { id, clock, scheduler, random } = options;
    this.id = id;
    this.name = workerName(id);
    this.#options = options;
    this.clock = new MachineClock(clock);
    this.disk = new Disk(this.clock, scheduler, random);
  }

  /** The running replica; undefined while the process is down or still opens its files. */
  get life(): RaftLife | undefined {
    return this.#life;
  }

  get isRunning(): boolean {
    return this.#process !== undefined;
  }

  async format(): Promise<void> {
    const { files } = this.disk;
    const { traits, voters } = this.#options;
    await files.makeDirectory(logDir);
    await files.flushDirectory('/');
    if (!traits.hasDynamicVoters) return;
    await formatVoters(files, metadataFolder, voters);
    await files.flushDirectory(logDir);
  }

  start(): void {
    const { scheduler, witness } = this.#options;
    const process = new VirtualProcess({
      scheduler,
      clock: this.clock,
      files: this.disk.files,
      network: noNetwork,
    });
    this.#process = process;
    this.#lives++;
    this.disk.hasBeenFull = false;
    this.#open(process, this.#lives).catch((error: unknown) => {
      if (process.isAlive) witness.fault(this, error);
    });
  }

  /** The process dies; what it wrote stays with the operating system. */
  kill(): void {
    this.#process?.kill();
    this.#process = undefined;
    this.#life = undefined;
    this.#options.network.detach(this.id);
  }

  /** The machine loses power, and with it what was not flushed. */
  powerOff(luck?: Random): void {
    this.kill();
    this.disk.files.crash({ luck });
  }

  pause(): void {
    this.#process?.pause();
  }

  resume(): void {
    this.#process?.resume();
  }

  #chanced(random: Random): Random {
    return {
      uint32: () =>
        this.chance === undefined ? random.uint32() : Math.floor(this.chance * 2 ** 32),
      bytes: (length) => random.bytes(length),
    };
  }

  async #open(process: VirtualProcess, lifeNumber: number): Promise<void> {
    const { id, random, witness, network, traits, defects = {} } = this.#options;
    // Where the log names the voters, the others are only asked who leads.
    const voters = traits.hasDynamicVoters ? [] : this.#options.voters;
    const others = this.#options.voters.filter((other) => other !== id);
    const fault = (error: unknown) => {
      if (process.isAlive) witness.fault(this, error);
    };
    const { files, clock, scheduler } = process;
    const context = { files, clock, logger: silent, codecs: noCodecs };
    const disk = await MetadataLog.open(
      { ...context, onStorageError: (_folder, error) => fault(error) },
      logDir,
      { segmentBytes: SEGMENT_BYTES, retentionBytes: 0 },
    );
    const log = await ObservedRaftLog.open(disk);
    if (traits.readsSingleBatches) readSingleBatches(disk);
    defects.log?.(disk);
    const elections = new QuorumStateFile(files, disk.folder, voters);
    const raft: RaftClient = new RaftClient({
      nodeId: id,
      voters,
      ...(traits.hasDynamicVoters && {
        directoryId: directoryIdOf(id),
        bootstrapIds: others.map(bootstrapIdOf),
      }),
      config: quorumConfig,
      log: disk,
      elections: defects.elections?.(elections) ?? elections,
      rules: { ...correctRules, ...defects.rules },
      transport: {
        send: async (peer, request) => {
          const to = peer < 0 ? bootstrapIdOf(peer) : peer;
          return heard(await network.send(process, { from: id, to }, request));
        },
      },
      clock,
      scheduler,
      random: this.#chanced(new SeededRandom(random.uint32())),
      logger: silent,
      onFault: fault,
      observe: (effect) => {
        if (process.isAlive) witness.effect(life, effect);
      },
    });
    const heard = <T extends { readonly epoch: number }>(message: T): T =>
      defects.ignoresEpochs ? { ...message, epoch: raft.role.epoch } : message;
    const reader = new RaftReader();
    const life: RaftLife = {
      id,
      name: this.name,
      life: lifeNumber,
      log,
      reader,
      process,
      raft,
      disk,
    };
    this.#life = life;
    raft.register(witness.listenerOf(life));
    await raft.start();
    network.attach(id, {
      process,
      answer: async (from, request) => {
        const response = await raft.handleRequest(from, heard(request));
        if (process.isAlive) witness.answered(life, from, request, response);
        return response;
      },
    });
  }
}

/** Ids below 0 are servers to ask who leads (`controller.quorum.bootstrap.servers`); there and back. */
function bootstrapIdOf(id: number): number {
  return -1 - id;
}

function readSingleBatches(log: RaftLog): void {
  const read = log.read.bind(log);
  log.read = (from, upTo) => read(from, upTo, 1);
}

/** Replicas of this level talk in messages. */
const noNetwork = {
  listen: () => Promise.reject(new TypeError('no connections here')),
  connect: () => Promise.reject(new TypeError('no connections here')),
};
