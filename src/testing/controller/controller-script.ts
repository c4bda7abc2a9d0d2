import type { Controller } from '../../controller/controller.ts';
import type { MetadataImage, PartitionRegistration } from '../../controller/metadata-image.ts';
import type { MetadataRecord } from '../../controller/metadata-record.ts';

/** What a script may ask of a controller. */
export type ScriptCall = Exclude<
  keyof Controller,
  'activeControllerId' | 'image' | 'onImage' | 'alterClientQuotas' | 'alterConfigs'
>;
export type RequestOf<K extends ScriptCall> = Parameters<Controller[K]>[0];
export type ResponseOf<K extends ScriptCall> = Awaited<ReturnType<Controller[K]>>;

/** A controller under a script: ours, or Apache Kafka's behind a socket. */
export interface ScriptTarget {
  ask<K extends ScriptCall>(call: K, request: RequestOf<K>): Promise<ResponseOf<K>>;
  /** What its log says by now. */
  image(): MetadataImage;
  records(): readonly MetadataRecord[];
}

interface Step {
  readonly case: string;
  readonly response: unknown;
  readonly records: readonly MetadataRecord[];
}

/** Asks a controller one thing after another, and keeps what it answers and writes. */
export class ControllerScript {
  readonly steps: Step[] = [];
  readonly #target: ScriptTarget;
  readonly #epochs = new Map<number, number>();
  readonly #incarnations = new Map<number, number>();

  constructor(target: ScriptTarget) {
    this.#target = target;
  }

  async ask<K extends ScriptCall>(
    title: string,
    call: K,
    request: RequestOf<K>,
  ): Promise<ResponseOf<K>> {
    const from = this.#target.records().length;
    const response = await this.#target.ask(call, request);
    const records = this.#target.records().slice(from);
    this.steps.push({ case: title, response, records });
    return response;
  }

  /** Steps as text lines, without what is by chance: ids of topics, offsets. */
  transcript(): string {
    const ids = [...this.#target.image().topics.byId].map(([id, { name }]) => [id, name] as const);
    const epochs = new Map<number, string>();
    const lines = this.steps.map((step) =>
      JSON.stringify(step, (key, value: unknown) => {
        // How topics' configs are described is another test's matter.
        if (key === 'configs') return undefined;
        const isEpoch = key === 'brokerEpoch' && typeof value === 'number' && 0 <= value;
        if (!isEpoch) return value;
        if (!epochs.has(value)) epochs.set(value, `epoch ${epochs.size}`);
        return epochs.get(value);
      }),
    );
    const named = lines.map((line) =>
      ids.reduce((text, [id, name]) => text.replaceAll(id, `<${name}>`), line),
    );
    return `${named.map(inOneOrder).join('\n')}\n`;
  }

  epochOf(brokerId: number): number {
    return this.#epochs.get(brokerId) ?? -1;
  }

  partition(topic: string, index = 0): PartitionRegistration {
    const found = this.#target.image().topics.byName.get(topic)?.partitions[index];
    if (found === undefined) throw new TypeError(`${topic}-${index} is not there`);
    return found;
  }

  topicId(topic: string): string {
    return this.#target.image().topics.byName.get(topic)?.topicId ?? '';
  }

  /** Registers a broker's next process. */
  async register(
    title: string,
    brokerId: number,
    changes: Partial<RequestOf<'registerBroker'>> & { readonly isSameProcess?: boolean } = {},
  ): Promise<void> {
    const { isSameProcess = false, ...rest } = changes;
    const count = (this.#incarnations.get(brokerId) ?? 0) + (isSameProcess ? 0 : 1);
    this.#incarnations.set(brokerId, count);
    const response = await this.ask(title, 'registerBroker', {
      brokerId,
      clusterId: scriptClusterId,
      incarnationId: `incarnation-of-br${brokerId}-0${count % 10}A`,
      listeners: [{ name: 'PLAINTEXT', host: 'localhost', port: 9092, securityProtocol: 0 }],
      features: [{ name: 'metadata.version', minSupportedVersion: 1, maxSupportedVersion: 20 }],
      rack: null,
      isMigratingZkBroker: false,
      logDirs: [directoryOf(brokerId)],
      previousBrokerEpoch: -1,
      ...rest,
    });
    if (response.errorCode === 0) this.#epochs.set(brokerId, response.brokerEpoch);
  }

  async heartbeat(
    title: string,
    brokerId: number,
    changes: Partial<RequestOf<'heartbeat'>> = {},
  ): Promise<void> {
    await this.ask(title, 'heartbeat', {
      brokerId,
      brokerEpoch: this.epochOf(brokerId),
      currentMetadataOffset: farAhead,
      wantFence: false,
      wantShutDown: false,
      offlineLogDirs: [],
      ...changes,
    });
  }

  async createTopic(
    title: string,
    name: string,
    assignments: readonly (readonly number[])[],
  ): Promise<void> {
    await this.ask(title, 'createTopics', {
      timeoutMs,
      validateOnly: false,
      topics: [
        {
          name,
          numPartitions: -1,
          replicationFactor: -1,
          assignments: assignments.map((brokerIds, partitionIndex) => ({
            partitionIndex,
            brokerIds,
          })),
          configs: [],
        },
      ],
    });
  }

  /** The leader of a partition wants another ISR. */
  async alterIsr(
    title: string,
    topic: string,
    newIsr: readonly number[],
    changes: Partial<IsrChange> = {},
  ): Promise<void> {
    const { index = 0, ...rest } = changes;
    const { leader, leaderEpoch, partitionEpoch, leaderRecoveryState } = this.partition(
      topic,
      index,
    );
    const data = {
      partitionIndex: index,
      leaderEpoch,
      newIsr: [],
      newIsrWithEpochs: newIsr.map((id) => ({ brokerId: id, brokerEpoch: this.epochOf(id) })),
      leaderRecoveryState,
      partitionEpoch,
      ...rest,
    };
    await this.ask(title, 'alterPartition', {
      brokerId: changes.brokerId ?? leader,
      brokerEpoch: this.epochOf(changes.brokerId ?? leader),
      topics: [{ topicName: '', topicId: this.topicId(topic), partitions: [data] }],
    });
  }

  async reassign(
    title: string,
    name: string,
    replicas: readonly number[] | null,
    partitionIndex = 0,
  ): Promise<void> {
    await this.ask(title, 'alterPartitionReassignments', {
      timeoutMs,
      allowReplicationFactorChange: true,
      topics: [{ name, partitions: [{ partitionIndex, replicas }] }],
    });
  }

  async elect(
    title: string,
    electionType: number,
    topicPartitions: RequestOf<'electLeaders'>['topicPartitions'],
  ): Promise<void> {
    await this.ask(title, 'electLeaders', { electionType, topicPartitions, timeoutMs });
  }

  async updateFeature(
    title: string,
    feature: string,
    maxVersionLevel: number,
    upgradeType: number,
  ): Promise<void> {
    const update = { feature, maxVersionLevel, allowDowngrade: false, upgradeType };
    await this.ask(title, 'updateFeatures', {
      timeoutMs,
      featureUpdates: [update],
      validateOnly: false,
    });
  }
}

/** Partitions of one decision come in the order of a hash table in Java: here by their names. */
function inOneOrder(line: string): string {
  const step = JSON.parse(line) as Step;
  const isChange = ({ kind }: { readonly kind: string }) => kind === 'PartitionChangeRecord';
  const sorted = step.records
    .filter(isChange)
    .map((record) => JSON.stringify(record))
    .sort(byPartition);
  let next = 0;
  const records = step.records.map((record) =>
    isChange(record) ? (JSON.parse(sorted[next++] ?? '') as unknown) : record,
  );
  return JSON.stringify({ ...step, records });
}

function byPartition(a: string, b: string): number {
  const keyOf = (text: string) => /"topicId":"[^"]*"/.exec(text)?.[0] + text;
  return keyOf(a) < keyOf(b) ? -1 : 1;
}

interface IsrChange {
  readonly index: number;
  readonly brokerId: number;
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
  readonly leaderRecoveryState: number;
  readonly partitionIndex: number;
  readonly newIsrWithEpochs: readonly { readonly brokerId: number; readonly brokerEpoch: number }[];
}

export const scriptClusterId = '4L6g3nShT-eMCtK--X86sw';
const timeoutMs = 60_000;
/** A broker that has seen all there is. */
const farAhead = 1_000_000;

export function directoryOf(brokerId: number): string {
  return `kRQTAr_8rDGVyNJyRXA${brokerId}SA`;
}
