import { errorNameOf } from '../protocol/error-codes.ts';
import { initProducerIdCall } from './api-calls.ts';
import { BrokerError, ClientError } from './client-errors.ts';
import { loggerOf } from './client-ports.ts';
import type { ClusterClient } from './cluster-client.ts';
import type { PartitionQueue } from './record-accumulator.ts';

const maxEpoch = 32_767;

/** The producer's id and epoch, by which brokers tell a repeated batch from a new one (KIP-98, KIP-360). */
export class IdempotenceState {
  producerId = -1;
  producerEpoch = -1;
  readonly #client: ClusterClient;
  readonly #timeoutMs: number;
  #isStarting = false;
  #needsReset = false;

  constructor(client: ClusterClient, timeoutMs: number) {
    this.#client = client;
    this.#timeoutMs = timeoutMs;
  }

  get isReady(): boolean {
    return 0 <= this.producerId && !this.#needsReset;
  }

  /** A batch with a sequence was given up: its successors would leave a gap, so a new epoch is due. */
  get needsReset(): boolean {
    return this.#needsReset;
  }

  requestReset(): void {
    this.#needsReset = 0 <= this.producerId;
  }

  /** Asks for an id unless that is under way. */
  start(onReady: () => void, onFailure: (error: Error) => void): void {
    if (this.#isStarting) return;
    this.#isStarting = true;
    this.#acquire().then(
      () => {
        this.#isStarting = false;
        onReady();
      },
      (error: unknown) => {
        if (!(error instanceof ClientError)) throw error;
        this.#isStarting = false;
        onFailure(error);
      },
    );
  }

  /** A new epoch, in which all partitions count from 0; only while nothing is under way. */
  reset(queues: Iterable<PartitionQueue>): void {
    this.#needsReset = false;
    if (this.producerEpoch < maxEpoch) this.producerEpoch += 1;
    else this.producerId = -1;
    for (const queue of queues) {
      queue.nextSequence = 0;
      queue.hasSequenceInLog = false;
      for (const batch of queue.batches) batch.baseSequence = -1;
    }
  }

  async #acquire(): Promise<void> {
    const client = this.#client;
    const message = 'Timeout expired while waiting for InitProducerId';
    const response = await client.retry(this.#timeoutMs, message, async () => {
      const answer = await client.sendToAny(initProducerIdCall, {
        transactionalId: null,
        transactionTimeoutMs: 2_147_483_647,
      });
      const error = errorNameOf(answer.errorCode);
      if (error !== 'NONE') throw new BrokerError(error);
      return answer;
    });
    this.producerId = response.producerId;
    this.producerEpoch = response.producerEpoch;
    const source = 'org.apache.kafka.clients.producer.internals.TransactionManager';
    const text = `ProducerId set to ${this.producerId} with epoch ${this.producerEpoch}`;
    loggerOf(client.ports).log('INFO', source, client.logPrefix + text);
  }
}

export function isOutOfOrder(error: Error): boolean {
  return error instanceof BrokerError && error.code === 'OUT_OF_ORDER_SEQUENCE_NUMBER';
}
