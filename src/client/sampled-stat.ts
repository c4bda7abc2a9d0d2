/** A value as `--print-metrics` prints it: group, name, tags. */
export interface Metric {
  readonly group: string;
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly value: number;
}

const sampleWindowMs = 30_000;

/** Events over the last one to two windows of 30 s, as Kafka's SampledStat keeps them. */
export class SampledStat {
  #startMs: number;
  #previousMs: number | undefined;
  #current = { count: 0, sum: 0, max: Number.NaN };
  #previous = { count: 0, sum: 0, max: Number.NaN };

  constructor(nowMs: number) {
    this.#startMs = nowMs;
  }

  record(value: number, nowMs: number): void {
    this.#roll(nowMs);
    const sample = this.#current;
    sample.count += 1;
    sample.sum += value;
    sample.max = Number.isNaN(sample.max) ? value : Math.max(sample.max, value);
  }

  average(nowMs: number): number {
    this.#roll(nowMs);
    return (this.#current.sum + this.#previous.sum) / (this.#current.count + this.#previous.count);
  }

  max(nowMs: number): number {
    this.#roll(nowMs);
    const { max } = this.#previous;
    return this.#current.max < max || Number.isNaN(this.#current.max) ? max : this.#current.max;
  }

  /** Sum a second; as in Kafka a full window is assumed to have gone by at least. */
  rate(nowMs: number): number {
    this.#roll(nowMs);
    const fromMs = this.#previousMs ?? this.#startMs;
    const elapsedMs = Math.max(nowMs - fromMs, sampleWindowMs);
    return ((this.#current.sum + this.#previous.sum) * 1000) / elapsedMs;
  }

  #roll(nowMs: number): void {
    const elapsed = nowMs - this.#startMs;
    if (elapsed < sampleWindowMs) return;
    const isRecent = elapsed < 2 * sampleWindowMs;
    this.#previousMs = isRecent ? this.#startMs : undefined;
    this.#previous = isRecent ? this.#current : { count: 0, sum: 0, max: Number.NaN };
    this.#current = { count: 0, sum: 0, max: Number.NaN };
    this.#startMs = nowMs;
  }
}
