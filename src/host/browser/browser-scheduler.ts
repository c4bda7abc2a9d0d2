import type { Disposable } from '../../base/disposable.ts';
import { DELAY_MS_MAX, type Scheduler } from '../../base/scheduler.ts';

/**
 * Timers of a page or a worker. `soon` goes over a message channel: a browser holds nested timeouts back
 * by 4 ms each. While paused (a stopped process) nothing runs; what fell due runs at `resume`.
 */
export class BrowserScheduler implements Scheduler {
  readonly #channel = new MessageChannel();
  #soon: (() => void)[] = [];
  #isPaused = false;
  #due: (() => void)[] = [];

  constructor() {
    this.#channel.port1.addEventListener('message', () => {
      const task = this.#soon.shift();
      if (task) this.#run(task);
    });
    this.#channel.port1.start();
  }

  after(delayMs: number, task: () => void): Disposable {
    let isDisposed = false;
    const once = () => {
      if (!isDisposed) task();
    };
    const timer = setTimeout(() => this.#run(once), Math.min(delayMs, DELAY_MS_MAX));
    return {
      dispose() {
        isDisposed = true;
        clearTimeout(timer);
      },
    };
  }

  soon(task: () => void): void {
    this.#soon.push(task);
    this.#channel.port2.postMessage(0);
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    for (const task of this.#due.splice(0)) this.soon(task);
  }

  /** Lets a host go that waits for open ports (Node). */
  close(): void {
    this.#channel.port1.close();
  }

  #run(task: () => void): void {
    if (this.#isPaused) this.#due.push(task);
    else task();
  }
}
