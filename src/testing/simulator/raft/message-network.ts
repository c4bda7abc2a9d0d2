import { type Random, randomBelow } from '../../../base/random.ts';
import type { Scheduler } from '../../../base/scheduler.ts';
import type { VirtualProcess } from '../../../host/virtual/virtual-process.ts';
import type { RaftRequest, RaftResponse } from '../../../raft/quorum-types.ts';

/** What may happen to a message on its way. Chances in thousandths. */
export interface MessageFaults {
  readonly delayMs: number;
  /** Added at random; more than the time between two messages reorders them. */
  readonly jitterMs: number;
  readonly loss: number;
  readonly duplication: number;
}

/** A replica that is there to answer. */
export interface MessageReceiver {
  readonly process: VirtualProcess;
  answer(from: number, request: RaftRequest): Promise<RaftResponse>;
}

/** `controller.quorum.request.timeout.ms` */
const REQUEST_TIMEOUT_MS = 2000;

export const calmNetwork: MessageFaults = { delayMs: 1, jitterMs: 0, loss: 0, duplication: 0 };

/**
 * Carries single messages between replicas, and loses, doubles and reorders them: worse than TCP, which
 * Kafka uses, because Raft must bear it.
 */
export class MessageNetwork {
  faults: MessageFaults = calmNetwork;
  readonly #scheduler: Scheduler;
  readonly #random: Random;
  readonly #receivers = new Map<number, MessageReceiver>();
  /** `from>to` of the directions that are cut. */
  readonly #cuts = new Set<string>();

  constructor(scheduler: Scheduler, random: Random) {
    this.#scheduler = scheduler;
    this.#random = random;
  }

  attach(id: number, receiver: MessageReceiver): void {
    this.#receivers.set(id, receiver);
  }

  detach(id: number): void {
    this.#receivers.delete(id);
  }

  /** Cuts one direction. */
  cut(from: number, to: number): void {
    this.#cuts.add(`${from}>${to}`);
  }

  heal(): void {
    this.#cuts.clear();
  }

  /** Rejects when no answer comes in time. */
  send(sender: VirtualProcess, { from, to }: Route, request: RaftRequest): Promise<RaftResponse> {
    return new Promise((resolve, reject) => {
      sender.scheduler.after(REQUEST_TIMEOUT_MS, () => reject(new NoAnswerError('no answer came')));
      this.#carry(from, to, () => {
        const receiver = this.#receivers.get(to);
        receiver?.process.run(() => {
          receiver.answer(from, request).then(
            (answer) => this.#carry(to, from, () => sender.run(() => resolve(answer))),
            () => undefined,
          );
        });
      });
    });
  }

  #carry(from: number, to: number, arrive: () => void): void {
    const { delayMs, jitterMs, loss, duplication } = this.faults;
    const copies = this.#happens(duplication) ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      if (this.#isCut(from, to) || this.#happens(loss)) continue;
      const jitter = jitterMs === 0 ? 0 : randomBelow(this.#random, jitterMs);
      this.#scheduler.after(delayMs + jitter, () => {
        if (!this.#isCut(from, to)) arrive();
      });
    }
  }

  #isCut(from: number, to: number): boolean {
    return 0 < this.#cuts.size && this.#cuts.has(`${from}>${to}`);
  }

  #happens(chance: number): boolean {
    return 0 < chance && randomBelow(this.#random, 1000) < chance;
  }
}

export interface Route {
  readonly from: number;
  readonly to: number;
}

class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
}
