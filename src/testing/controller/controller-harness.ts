import type { Logger } from '../../base/logger.ts';
import { silentLogger } from '../../base/logger.ts';
import type { Controller } from '../../controller/controller.ts';
import { controllerApi } from '../../controller/controller-api.ts';
import type { ControllerSettings } from '../../controller/controller-context.ts';
import { decodeMetadataRecord, type MetadataRecord } from '../../controller/metadata-record.ts';
import { QuorumController } from '../../controller/quorum-controller.ts';
import { MemoryFileSystem } from '../../host/virtual/memory-file-system.ts';
import { SeededRandom } from '../../host/virtual/seeded-random.ts';
import { VirtualClock } from '../../host/virtual/virtual-clock.ts';
import { VirtualScheduler } from '../../host/virtual/virtual-scheduler.ts';
import { QuorumStateFile } from '../../raft/quorum-state-file.ts';
import { decodeBatches } from '../../raft/raft-batches.ts';
import { RaftClient } from '../../raft/raft-client.ts';
import { MemoryRaftLog } from '../raft/memory-raft-log.ts';

const CLUSTER_ID = '4L6g3nShT-eMCtK--X86sw';
export const INCARNATION_1 = 'HO1rOy4QTA2dgTX9AG0Fdg';
export const INCARNATION_2 = 'kBWWq4GeTi2DxJFjXlH_ag';

interface HarnessTasks {
  readonly maxIdleIntervalMs: number;
  readonly snapshotBytesMax: number;
  readonly balanceIntervalMs?: number;
}

/** One combined node's quorum and controller in virtual time; the log and files outlive a restart. */
export class ControllerHarness {
  readonly log = new MemoryRaftLog();
  readonly clock = new VirtualClock();
  readonly scheduler = new VirtualScheduler(this.clock);
  readonly random = new SeededRandom(11);
  readonly files = new MemoryFileSystem({ clock: this.clock });
  readonly faults: unknown[] = [];
  readonly #settings: ControllerSettings;
  readonly #tasks: HarnessTasks;
  #raft: RaftClient | undefined;
  #controller: QuorumController | undefined;

  constructor(
    settings: Partial<ControllerSettings> = {},
    tasks: HarnessTasks = { maxIdleIntervalMs: 0, snapshotBytesMax: 20_971_520 },
  ) {
    this.#tasks = tasks;
    this.#settings = {
      nodeId: 1,
      clusterId: CLUSTER_ID,
      isCombined: true,
      staticConfigs: new Map(),
      defaultNumPartitions: 1,
      defaultReplicationFactor: 1,
      isTopicDeletionEnabled: true,
      sessionTimeoutMs: 9000,
      ...settings,
    };
  }

  /** Starts, or starts again after `crash`. */
  async start(logger: Logger = silentLogger): Promise<Controller> {
    const { log, clock, scheduler, random, files } = this;
    await files.makeDirectory('/logs/__cluster_metadata-0');
    const onFault = (error: unknown) => this.faults.push(error);
    this.#raft = new RaftClient({
      nodeId: 1,
      voters: [1],
      config: {
        electionTimeoutMs: 1000,
        electionBackoffMaxMs: 1000,
        fetchTimeoutMs: 2000,
        retryBackoffMs: 20,
      },
      log,
      elections: new QuorumStateFile(files, '/logs/__cluster_metadata-0', [1]),
      transport: { send: () => Promise.reject() },
      clock,
      scheduler,
      random,
      logger,
      onFault,
    });
    this.#controller = new QuorumController({
      quorum: this.#raft,
      clock,
      scheduler,
      random,
      logger,
      settings: this.#settings,
      bootstrap: [
        {
          kind: 'FeatureLevelRecord',
          version: 0,
          message: { name: 'metadata.version', featureLevel: 20 },
        },
      ],
      describeTopicConfigs: () => [],
      snapshotIntervalMs: 0,
      balanceIntervalMs: 0,
      ...this.#tasks,
      onFault,
    });
    await this.#raft.start();
    await this.settle();
    return controllerApi(this.#controller);
  }

  get raft(): RaftClient {
    if (this.#raft === undefined) throw new TypeError('not started');
    return this.#raft;
  }

  get controller(): QuorumController {
    if (this.#controller === undefined) throw new TypeError('not started');
    return this.#controller;
  }

  crash(): void {
    this.#controller?.dispose();
    this.#raft?.dispose();
  }

  /** Lets all microtasks run: what was appended is flushed, committed and answered. */
  async settle(): Promise<void> {
    for (let i = 0; i < 50; i++) await Promise.resolve();
  }

  /** All records of the log but those of control batches. */
  records(from = 0): readonly MetadataRecord[] {
    const records: MetadataRecord[] = [];
    for (const { bytes } of this.log.batches) {
      for (const { baseOffset, values } of decodeBatches(bytes)) {
        if (from <= baseOffset) records.push(...values.map(decodeMetadataRecord));
      }
    }
    return records;
  }
}

export function registrationOf(
  brokerId: number,
  incarnationId: string,
  rack: string | null = null,
): Parameters<Controller['registerBroker']>[0] {
  return {
    brokerId,
    clusterId: CLUSTER_ID,
    incarnationId,
    listeners: [{ name: 'PLAINTEXT', host: 'localhost', port: 9092, securityProtocol: 0 }],
    features: [{ name: 'metadata.version', minSupportedVersion: 1, maxSupportedVersion: 20 }],
    rack,
    isMigratingZkBroker: false,
    logDirs: [`kRQTAr_8rDGVyNJyRXA${brokerId}SA`],
    previousBrokerEpoch: -1,
  };
}

/** Registers brokers and unfences them; answers their epochs. */
export async function bringUpBrokers(
  controller: Controller,
  ids: readonly number[],
  rackOf: (id: number) => string | null = () => null,
): Promise<ReadonlyMap<number, number>> {
  const epochs = new Map<number, number>();
  for (const id of ids) {
    const { brokerEpoch } = await controller.registerBroker(
      registrationOf(id, INCARNATION_1, rackOf(id)),
    );
    epochs.set(id, brokerEpoch);
    await controller.heartbeat(heartbeatOf(id, brokerEpoch));
  }
  return epochs;
}

export function heartbeatOf(
  brokerId: number,
  brokerEpoch: number,
  wants: {
    readonly wantFence?: boolean;
    readonly wantShutDown?: boolean;
    readonly offset?: number;
  } = {},
): Parameters<Controller['heartbeat']>[0] {
  return {
    brokerId,
    brokerEpoch,
    currentMetadataOffset: wants.offset ?? brokerEpoch,
    wantFence: wants.wantFence ?? false,
    wantShutDown: wants.wantShutDown ?? false,
    offlineLogDirs: [],
  };
}
