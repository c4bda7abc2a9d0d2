/** Workers that are started before they are needed: a process then begins in a few milliseconds. */
export class WorkerPool {
  readonly #start: () => Worker;
  readonly #spares: number;
  readonly #ready: Worker[] = [];

  constructor(start: () => Worker, spares: number) {
    this.#start = start;
    this.#spares = spares;
    this.#fill();
  }

  take(): Worker {
    const worker = this.#ready.shift() ?? this.#start();
    setTimeout(() => this.#fill(), refillDelayMs);
    return worker;
  }

  #fill(): void {
    while (this.#ready.length < this.#spares) this.#ready.push(this.#start());
  }
}

/** The process that was just started comes first. */
const refillDelayMs = 150;
