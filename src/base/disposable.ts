import { assert } from './assert.ts';

/** Something with a lifetime. `dispose` may be called more than once; only the first call acts. */
export interface Disposable {
  dispose(): void;
}

/** Owns disposables: what is acquired is added in the same statement, and goes with its owner. */
export class DisposableStore implements Disposable {
  readonly #items = new Set<Disposable>();
  #isDisposed = false;

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  add<T extends Disposable>(item: T): T {
    assert(!this.#isDisposed, 'nothing is acquired after its owner is gone');
    this.#items.add(item);
    return item;
  }

  /** Disposes one item early and forgets it. */
  release(item: Disposable): void {
    if (this.#items.delete(item)) item.dispose();
  }

  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    for (const item of [...this.#items].reverse()) item.dispose();
    this.#items.clear();
  }
}

export function toDisposable(dispose: () => void): Disposable {
  let isDisposed = false;
  return {
    dispose() {
      if (isDisposed) return;
      isDisposed = true;
      dispose();
    },
  };
}
