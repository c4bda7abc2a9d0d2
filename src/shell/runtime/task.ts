import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/disposable.ts';
import { toDisposable } from '../../base/disposable.ts';
import type { Signal } from '../../base/program.ts';
import type { Scheduler } from '../../base/scheduler.ts';
import { nextTurn } from '../../base/scheduler.ts';

/** Longer than this no loop keeps the turn: signals, sockets and timers get in between. */
const turnMsMax = 8;

/** Ends what a signal has ended; travels up to the task's owner. */
export class KilledBySignal extends Error {
  override readonly name = 'KilledBySignal';
  readonly signal: Signal;
  constructor(signal: Signal) {
    super(`killed by ${signal}`);
    this.signal = signal;
  }
}

export interface Signalable {
  signal(signal: Signal): void;
}

interface TurnClock {
  readonly clock: Clock;
  readonly scheduler: Scheduler;
}

/**
 * What a process is to a kernel: something in the shell's own process that signals end, stop and
 * continue. A subshell, a stage of a pipeline and a running command each have one.
 */
export class Task implements Signalable {
  readonly #ports: TurnClock;
  readonly #abort = new AbortController();
  readonly #children = new Set<Signalable>();
  readonly #handlers = new Map<Signal, Set<() => void>>();
  readonly #stateHandlers = new Set<(isStopped: boolean) => void>();
  readonly aborted: Promise<never>;
  #killedBy: Signal | undefined;
  #externalCount = 0;
  #parent: Task | undefined;
  #resume: (() => void) | undefined;
  #resumed: Promise<void> | undefined;
  #turnStartedMs: number;

  constructor(ports: TurnClock) {
    this.#ports = ports;
    this.#turnStartedMs = ports.clock.monotonicMs();
    this.aborted = new Promise((_, reject) => {
      this.#abort.signal.addEventListener('abort', () => {
        reject(new KilledBySignal(this.#killedBy ?? 'SIGKILL'));
      });
    });
    this.aborted.catch(() => undefined);
  }

  get abortSignal(): AbortSignal {
    return this.#abort.signal;
  }

  get killedBy(): Signal | undefined {
    return this.#killedBy;
  }

  get isStopped(): boolean {
    return this.#resumed !== undefined;
  }

  /** The outermost task: the script, job or line to which this belongs. */
  get root(): Task {
    return this.#parent?.root ?? this;
  }

  /** A task or process that gets the same signals. External ones decide themselves when to end. */
  addChild(child: Signalable, isExternal: boolean): Disposable {
    this.#children.add(child);
    if (child instanceof Task) child.#parent = this;
    if (isExternal) this.#externalCount++;
    return toDisposable(() => {
      this.#children.delete(child);
      if (isExternal) this.#externalCount--;
    });
  }

  /** A signal that has a handler does not end the task. */
  onSignal(signal: Signal, handler: () => void): Disposable {
    const handlers = this.#handlers.get(signal) ?? new Set();
    this.#handlers.set(signal, handlers.add(handler));
    return toDisposable(() => handlers.delete(handler));
  }

  onStateChange(handler: (isStopped: boolean) => void): Disposable {
    this.#stateHandlers.add(handler);
    return toDisposable(() => this.#stateHandlers.delete(handler));
  }

  signal(signal: Signal): void {
    for (const child of [...this.#children]) child.signal(signal);
    const handlers = this.#handlers.get(signal);
    if (handlers !== undefined && 0 < handlers.size && signal !== 'SIGKILL') {
      for (const handler of [...handlers]) handler();
    } else if (signal === 'SIGTSTP') this.stop();
    else if (signal === 'SIGCONT') this.continue();
    else this.#kill(signal);
  }

  stop(): void {
    if (this.#resumed !== undefined) return;
    this.#resumed = new Promise((resolve) => {
      this.#resume = resolve;
    });
    for (const handler of [...this.#stateHandlers]) handler(true);
  }

  continue(): void {
    if (this.#resumed === undefined) return;
    this.#resume?.();
    this.#resumed = undefined;
    for (const handler of [...this.#stateHandlers]) handler(false);
  }

  #kill(signal: Signal): void {
    this.#killedBy ??= signal;
    // As bash does: a shell that waits for a program dies after it, so that the program's own
    // handling of the signal is awaited.
    if (0 < this.#externalCount && signal !== 'SIGKILL') return;
    this.continue();
    this.#abort.abort();
  }

  /** Throws KilledBySignal when killed, waits while stopped, and gives the turn away every 8 ms. */
  async checkpoint(): Promise<void> {
    if (this.#killedBy !== undefined) throw new KilledBySignal(this.#killedBy);
    while (this.#resumed !== undefined) await this.#resumed;
    if (turnMsMax <= this.#ports.clock.monotonicMs() - this.#turnStartedMs) {
      await nextTurn(this.#ports.scheduler);
      this.#turnStartedMs = this.#ports.clock.monotonicMs();
    }
    if (this.#killedBy !== undefined) throw new KilledBySignal(this.#killedBy);
  }

  /** Its owner is done with it: what still runs in it ends at its next step. */
  end(): void {
    this.#killedBy ??= 'SIGKILL';
    this.#abort.abort();
  }

  /** Whether `checkpoint` has something to do, so that hot paths need not await it. */
  get isCheckpointDue(): boolean {
    return (
      this.#killedBy !== undefined ||
      this.#resumed !== undefined ||
      turnMsMax <= this.#ports.clock.monotonicMs() - this.#turnStartedMs
    );
  }

  /** The promise's outcome, or KilledBySignal as soon as the task is killed. */
  async race<T>(promise: Promise<T>): Promise<T> {
    const value = await Promise.race([promise, this.aborted]);
    while (this.#resumed !== undefined) await this.#resumed;
    return value;
  }
}
