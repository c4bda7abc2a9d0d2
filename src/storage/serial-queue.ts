/** Runs tasks one after another, in order, behind the caller's back; a failure is told once and does not stop the rest. */
export class SerialQueue {
  readonly #onError: (error: unknown) => void;
  #tail: Promise<void> = Promise.resolve();

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  add(task: () => Promise<void>): void {
    this.#tail = this.#tail.then(task).catch(this.#onError);
  }

  /** Resolves when all that has been added so far is done. */
  idle(): Promise<void> {
    return this.#tail;
  }
}
