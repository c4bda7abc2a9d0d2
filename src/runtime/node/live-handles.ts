/**
 * What keeps a Node program alive: sockets, servers, timers, reads of stdin, calls to the kernel. When
 * none is left the program ends by itself.
 */
export class LiveHandles {
  readonly #soon: (task: () => void) => void;
  #count = 0;
  #onIdle: (() => void) | undefined;
  #isChecking = false;

  constructor(soon: (task: () => void) => void) {
    this.#soon = soon;
  }

  /** A new handle, alive until `release` or `unref`. */
  acquire(): LiveHandle {
    return new LiveHandle((change) => this.#change(change));
  }

  /** Calls back, in a later turn, whenever nothing is left. */
  whenIdle(onIdle: () => void): void {
    this.#onIdle = onIdle;
    this.#check();
  }

  #change(change: number): void {
    this.#count += change;
    if (this.#count === 0) this.#check();
  }

  /** Two turns: promises and messages that are under way may still start something. */
  #check(): void {
    if (this.#isChecking) return;
    this.#isChecking = true;
    this.#soon(() =>
      this.#soon(() => {
        this.#isChecking = false;
        if (this.#count === 0) this.#onIdle?.();
      }),
    );
  }
}

export class LiveHandle {
  readonly #change: (change: number) => void;
  #isRef = true;
  #isReleased = false;

  constructor(change: (change: number) => void) {
    this.#change = change;
    change(1);
  }

  get hasRef(): boolean {
    return this.#isRef && !this.#isReleased;
  }

  ref(): void {
    if (!this.#isRef && !this.#isReleased) this.#change(1);
    this.#isRef = true;
  }

  unref(): void {
    if (this.hasRef) this.#change(-1);
    this.#isRef = false;
  }

  release(): void {
    if (this.hasRef) this.#change(-1);
    this.#isReleased = true;
  }
}
