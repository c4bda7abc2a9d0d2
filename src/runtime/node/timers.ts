import type { LiveHandle } from './live-handles.ts';
import { nodeRuntime } from './runtime.ts';

type Task = (...values: unknown[]) => void;
const host = {
  setTimeout: globalThis.setTimeout.bind(globalThis),
  clearTimeout: globalThis.clearTimeout.bind(globalThis),
};
const longestMs = 2_147_483_647;

/** A timer as Node gives it: an object with `ref` and `unref` that is a number where one is wanted. */
export class Timeout {
  readonly #task: Task;
  readonly #values: readonly unknown[];
  readonly #delayMs: number;
  readonly #repeats: boolean;
  readonly #handle: LiveHandle;
  #id = 0;

  constructor(task: Task, delay: unknown, values: readonly unknown[], repeats: boolean) {
    const delayMs = Number(delay);
    this.#task = task;
    this.#values = values;
    this.#delayMs = 1 <= delayMs && delayMs <= longestMs ? delayMs : 1;
    this.#repeats = repeats;
    this.#handle = nodeRuntime().handles.acquire();
    this.#arm();
    byId.set(this.#id, this);
  }

  ref(): this {
    this.#handle.ref();
    return this;
  }

  unref(): this {
    this.#handle.unref();
    return this;
  }

  hasRef(): boolean {
    return this.#handle.hasRef;
  }

  refresh(): this {
    host.clearTimeout(this.#id);
    this.#arm();
    return this;
  }

  close(): this {
    host.clearTimeout(this.#id);
    byId.delete(this.#id);
    this.#handle.release();
    return this;
  }

  [Symbol.toPrimitive](): number {
    return this.#id;
  }

  #arm(): void {
    const id = host.setTimeout(() => this.#fire(), this.#delayMs);
    byId.delete(this.#id);
    this.#id = Number(id);
    byId.set(this.#id, this);
  }

  #fire(): void {
    if (nodeRuntime().context.gate.isClosed()) {
      void nodeRuntime()
        .context.gate.pass()
        .then(() => this.#fire());
      return;
    }
    if (this.#repeats) this.#arm();
    else this.close();
    this.#task(...this.#values);
  }
}

const byId = new Map<number, Timeout>();

export function setTimeout(task: Task, delay?: unknown, ...values: unknown[]): Timeout {
  return new Timeout(task, delay, values, false);
}

export function setInterval(task: Task, delay?: unknown, ...values: unknown[]): Timeout {
  return new Timeout(task, delay, values, true);
}

export function clearTimeout(timer: unknown): void {
  if (timer instanceof Timeout) timer.close();
  else byId.get(Number(timer))?.close();
}

export const clearInterval = clearTimeout;

/** A task of the next turn. */
export class Immediate {
  readonly #handle = nodeRuntime().handles.acquire();

  constructor(task: Task, values: readonly unknown[]) {
    nodeRuntime().context.scheduler.soon(() => {
      if (this.#isCleared) return;
      this.clear();
      task(...values);
    });
  }

  #isCleared = false;

  ref(): this {
    this.#handle.ref();
    return this;
  }

  unref(): this {
    this.#handle.unref();
    return this;
  }

  hasRef(): boolean {
    return this.#handle.hasRef;
  }

  clear(): void {
    this.#isCleared = true;
    this.#handle.release();
  }
}

export function setImmediate(task: Task, ...values: unknown[]): Immediate {
  return new Immediate(task, values);
}

export function clearImmediate(immediate: unknown): void {
  if (immediate instanceof Immediate) immediate.clear();
}

/** `timers/promises`. */
export const promises = {
  setTimeout: <T>(delay?: number, value?: T, options: { signal?: AbortSignal } = {}) =>
    new Promise<T | undefined>((resolve, reject) => {
      const timer = setTimeout(() => resolve(value), delay);
      options.signal?.addEventListener('abort', () => {
        timer.close();
        reject(Object.assign(new Error('The operation was aborted'), { name: 'AbortError' }));
      });
    }),
  setImmediate: <T>(value?: T) =>
    new Promise<T | undefined>((resolve) => setImmediate(() => resolve(value))),
  async *setInterval<T>(delay?: number, value?: T) {
    for (;;) {
      await promises.setTimeout(delay);
      yield value;
    }
  },
};
