import type { Clock } from '../../base/clock.ts';

/** More than a reader reads: of a longer story the middle is left out. */
const LINES_MAX = 4000;

/** What happened, in order, in sentences: `  1043 ms  worker2 becomes candidate of epoch 5`. */
export class Story {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #head: string[] = [];
  #tail: string[] = [];
  #leftOut = 0;

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock;
  }

  tell(sentence: string): void {
    const line = `${String(Math.floor(this.#clock.monotonicMs())).padStart(6)} ms  ${sentence}`;
    if (this.#head.length < LINES_MAX) {
      this.#head.push(line);
      return;
    }
    this.#tail.push(line);
    if (this.#tail.length < 2 * LINES_MAX) return;
    this.#tail = this.#tail.slice(LINES_MAX);
    this.#leftOut += LINES_MAX;
  }

  get lines(): readonly string[] {
    if (this.#leftOut === 0) return [...this.#head, ...this.#tail];
    return [...this.#head, `           … ${this.#leftOut} lines …`, ...this.#tail];
  }
}

/** `worker1`, `worker1 and worker2`, `worker1, worker2 and worker3`. */
export function listed(names: readonly string[]): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

export function workerName(id: number): string {
  return `worker${id}`;
}
