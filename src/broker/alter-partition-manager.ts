import type { Disposable } from '../base/disposable.ts';
import type { Logger } from '../base/logger.ts';
import type { Scheduler } from '../base/scheduler.ts';
import { type Controller, ControllerError } from '../controller/controller.ts';
import { type ErrorCode, errorNameOf } from '../protocol/error-codes.ts';
import type {
  AlterPartitionRequest,
  AlterPartitionResponse,
  AlterPartitionResponsePartitionData,
} from '../protocol/schemas/56-alter-partition.ts';
import type { IsrState } from './isr-state.ts';
import type { IsrAnswer, IsrOwner, IsrProposal } from './partition-types.ts';

export interface AlterPartitionManagerOptions {
  readonly controller: Pick<Controller, 'alterPartition'>;
  readonly scheduler: Scheduler;
  readonly logger: Logger;
  readonly nodeId: number;
  /** Of this broker's registration; -1 before it. */
  readonly brokerEpoch: () => number;
}

interface Item {
  readonly partition: IsrOwner;
  readonly proposal: IsrProposal;
  /** What the partition believed when it asked: an answer to anything older is void. */
  readonly state: IsrState;
}

/** After an error of the controller as a whole, the same is asked again after this time (Kafka's constant). */
const retryMs = 50;
/** A refused follower may be welcome later: when its broker is unfenced, say. */
const refusedRetryMs = 500;
const source = 'kafka.server.DefaultAlterPartitionManager';

/**
 * Brings the leaders' changes of ISRs to the controller, one request at a time with all that wait, and the
 * answers back (Kafka's `AlterPartitionManager`). A proposal is asked again until it is answered or void.
 */
export class AlterPartitionManager implements Disposable {
  readonly #options: AlterPartitionManagerOptions;
  /** By partition: at most one proposal each. */
  readonly #unanswered = new Map<IsrOwner, Item>();
  #isInFlight = false;
  #isDisposed = false;
  readonly #timers = new Set<Disposable>();

  constructor(options: AlterPartitionManagerOptions) {
    this.#options = options;
  }

  get pendingCount(): number {
    return this.#unanswered.size;
  }

  submit(partition: IsrOwner, proposal: IsrProposal): void {
    this.#unanswered.set(partition, { partition, proposal, state: partition.isrState });
    if (this.#isInFlight || this.#isDisposed) return;
    this.#isInFlight = true;
    // What else is proposed in this turn goes along.
    queueMicrotask(() => this.#send());
  }

  dispose(): void {
    this.#isDisposed = true;
    for (const timer of this.#timers) timer.dispose();
    this.#unanswered.clear();
  }

  #send(): void {
    // An image or another leader has made some of them void meanwhile.
    for (const [partition, { state }] of this.#unanswered) {
      if (partition.isrState !== state || !partition.isLeader) this.#unanswered.delete(partition);
    }
    if (this.#unanswered.size === 0 || this.#isDisposed) {
      this.#isInFlight = false;
      return;
    }
    const items = [...this.#unanswered.values()];
    this.#options.controller.alterPartition(this.#requestOf(items)).then(
      (response) => this.#onResponse(items, response),
      (error: unknown) => {
        const isExpected = error instanceof ControllerError;
        const reason = isExpected ? error.errorCode : String(error);
        this.#log(isExpected ? 'INFO' : 'WARN', `Failed to send AlterPartition: ${reason}`);
        this.#retry();
      },
    );
  }

  #retry(): void {
    this.#after(retryMs, () => this.#send());
  }

  #after(delayMs: number, task: () => void): void {
    if (this.#isDisposed) return;
    const timer = this.#options.scheduler.after(delayMs, () => {
      this.#timers.delete(timer);
      task();
    });
    this.#timers.add(timer);
  }

  #requestOf(items: readonly Item[]): AlterPartitionRequest {
    const byTopic = new Map<string, Item[]>();
    for (const item of items) {
      const ofTopic = byTopic.get(item.partition.topicId);
      if (ofTopic === undefined) byTopic.set(item.partition.topicId, [item]);
      else ofTopic.push(item);
    }
    return {
      brokerId: this.#options.nodeId,
      brokerEpoch: this.#options.brokerEpoch(),
      topics: [...byTopic].map(([topicId, ofTopic]) => ({
        topicName: ofTopic[0]?.partition.topic ?? '',
        topicId,
        partitions: ofTopic.map(({ partition, proposal }) => ({
          partitionIndex: partition.partitionIndex,
          leaderEpoch: proposal.leaderEpoch,
          newIsr: [],
          newIsrWithEpochs: [...proposal.isr],
          leaderRecoveryState: proposal.leaderRecoveryState,
          partitionEpoch: proposal.partitionEpoch,
        })),
      })),
    };
  }

  #onResponse(items: readonly Item[], response: AlterPartitionResponse): void {
    if (this.#isDisposed) return;
    const error = errorNameOf(response.errorCode);
    if (error !== 'NONE') {
      // STALE_BROKER_EPOCH, NOT_CONTROLLER and the like: nothing was decided.
      this.#log('WARN', `Controller returned an error to AlterPartition: ${error}`);
      this.#retry();
      return;
    }
    const answers = new Map<string, AlterPartitionResponsePartitionData>();
    for (const { topicId, partitions } of response.topics) {
      for (const data of partitions) answers.set(`${topicId}-${data.partitionIndex}`, data);
    }
    let mustRetry = false;
    for (const item of items) {
      const { partition } = item;
      const data = answers.get(`${partition.topicId}-${partition.partitionIndex}`);
      if (!this.#answer(item, data)) mustRetry = true;
    }
    if (mustRetry) this.#retry();
    else this.#send();
  }

  /** False where the same has to be asked again. */
  #answer(item: Item, data: AlterPartitionResponsePartitionData | undefined): boolean {
    const { partition, state } = item;
    const error = data === undefined ? 'UNKNOWN_SERVER_ERROR' : errorNameOf(data.errorCode);
    const answer = data === undefined ? undefined : answerOf(error, data);
    if (answer === undefined) {
      this.#log('WARN', `${partition.name}: AlterPartition failed with ${error}; asking again`);
      return false;
    }
    if (this.#unanswered.get(partition) === item) this.#unanswered.delete(partition);
    if (answer.kind === 'changed') {
      const { isr, partitionEpoch } = answer.committed;
      const message = `ISR updated to ${isr.join(',')} and version updated to ${partitionEpoch}`;
      this.#options.logger.log(
        'INFO',
        'kafka.cluster.Partition',
        `[Partition ${partition.name} broker=${this.#options.nodeId}] ${message}`,
      );
    } else {
      this.#log('INFO', `${partition.name}: the change of the ISR was answered with ${error}`);
    }
    partition.onIsrAnswer(state, answer);
    if (answer.kind === 'refused') this.#after(refusedRetryMs, () => partition.retryIsr());
    return true;
  }

  #log(level: 'INFO' | 'WARN', message: string): void {
    this.#options.logger.log(level, source, `[broker=${this.#options.nodeId}] ${message}`);
  }
}

/** Undefined for errors that pass (Kafka's `Partition.handleAlterPartitionError`). */
function answerOf(
  error: ErrorCode,
  { leaderEpoch, isr, leaderRecoveryState, partitionEpoch }: AlterPartitionResponsePartitionData,
): IsrAnswer | undefined {
  switch (error) {
    case 'NONE':
      return {
        kind: 'changed',
        leaderEpoch,
        committed: { isr, leaderRecoveryState, partitionEpoch },
      };
    case 'INELIGIBLE_REPLICA':
    case 'OPERATION_NOT_ATTEMPTED':
      return { kind: 'refused' };
    case 'UNKNOWN_TOPIC_OR_PARTITION':
    case 'UNKNOWN_TOPIC_ID':
    case 'FENCED_LEADER_EPOCH':
    case 'INVALID_UPDATE_VERSION':
    case 'INVALID_REQUEST':
    case 'NEW_LEADER_ELECTED':
      return { kind: 'outdated' };
    default:
      return undefined;
  }
}
