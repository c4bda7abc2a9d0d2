import type { Scheduler } from '../../base/scheduler.ts';

/** Something that keeps what was written in this turn until the outbox asks for it. */
export interface Outgoing {
  sendPending(): void;
}

/**
 * What a process has written in this turn, sent together at its end: posting a message costs as much as
 * copying 30 KB. Files go before connections, so that nobody hears of a write that the kernel does not have.
 */
export class Outbox {
  readonly #scheduler: Scheduler;
  #files = new Set<Outgoing>();
  #connections = new Set<Outgoing>();
  #isScheduled = false;
  #isReceiving = false;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  addFile(file: Outgoing): void {
    this.#files.add(file);
    this.#schedule();
  }

  addConnection(connection: Outgoing): void {
    this.#connections.add(connection);
    this.#schedule();
  }

  /** Before anything else leaves the process. */
  sendFiles(): void {
    if (this.#files.size === 0) return;
    const files = this.#files;
    this.#files = new Set();
    for (const file of files) file.sendPending();
  }

  send(): void {
    this.sendFiles();
    if (this.#connections.size === 0) return;
    const connections = this.#connections;
    this.#connections = new Set();
    for (const connection of connections) connection.sendPending();
  }

  /**
   * Sends right after `receive` what was written in it: a peer with several requests on their way goes on
   * with the first answer while the others are worked on.
   */
  sendSoonAfter(receive: () => void): void {
    this.#isReceiving = true;
    try {
      receive();
    } finally {
      queueMicrotask(() => {
        this.#isReceiving = false;
        this.send();
      });
    }
  }

  #schedule(): void {
    if (this.#isScheduled || this.#isReceiving) return;
    this.#isScheduled = true;
    this.#scheduler.soon(() => {
      this.#isScheduled = false;
      this.send();
    });
  }
}
