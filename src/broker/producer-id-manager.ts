import type { Controller } from '../controller/controller.ts';
import { type ErrorCode, errorNameOf } from '../protocol/error-codes.ts';

export interface ProducerIdSource {
  readonly nodeId: number;
  /** From the broker's registration. */
  brokerEpoch(): number;
}

/** Hands out producer ids from blocks that the controller gives to this broker (Kafka's `RPCProducerIdManager`). */
export class ProducerIdManager {
  readonly #controller: Controller;
  readonly #source: ProducerIdSource;
  #next = 0;
  #end = 0;
  #allocation: Promise<ErrorCode> | undefined;

  constructor(controller: Controller, source: ProducerIdSource) {
    this.#controller = controller;
    this.#source = source;
  }

  /** An id that no other producer has had, or why there is none now. */
  async next(): Promise<number | ErrorCode> {
    while (this.#end <= this.#next) {
      this.#allocation ??= this.#allocate().finally(() => {
        this.#allocation = undefined;
      });
      const errorCode = await this.#allocation;
      if (errorCode !== 'NONE') return errorCode;
    }
    return this.#next++;
  }

  async #allocate(): Promise<ErrorCode> {
    const { errorCode, producerIdStart, producerIdLen } =
      await this.#controller.allocateProducerIds({
        brokerId: this.#source.nodeId,
        brokerEpoch: this.#source.brokerEpoch(),
      });
    // A client that is told this asks again.
    if (errorNameOf(errorCode) !== 'NONE') return 'COORDINATOR_LOAD_IN_PROGRESS';
    this.#next = producerIdStart;
    this.#end = producerIdStart + producerIdLen;
    return 'NONE';
  }
}
