import { formatFixed } from '../text/java-format.ts';

/** No more latencies than this are kept; of more records every k-th is (ProducerPerformance.Stats). */
const samplesMax = 500_000;
const bytesPerMegabyte = 1024 * 1024;

/** Counts records as Kafka's ProducerPerformance does and says so in its words. */
export class ProducerStats {
  readonly #print: (line: string) => void;
  readonly #reportingIntervalMs: number;
  readonly #startMs: number;
  readonly #sampling: number;
  readonly #latencies: Int32Array;
  #samples = 0;
  #count = 0;
  #bytes = 0;
  #totalLatencyMs = 0;
  #maxLatencyMs = 0;
  #windowStartMs: number;
  #windowCount = 0;
  #windowBytes = 0;
  #windowTotalLatencyMs = 0;
  #windowMaxLatencyMs = 0;

  constructor(
    recordCount: number,
    options: { readonly nowMs: number; readonly reportingIntervalMs: number },
    print: (line: string) => void,
  ) {
    this.#print = print;
    this.#startMs = options.nowMs;
    this.#windowStartMs = options.nowMs;
    this.#reportingIntervalMs = options.reportingIntervalMs;
    this.#sampling = Math.max(1, Math.floor(recordCount / Math.min(recordCount, samplesMax) || 1));
    this.#latencies = new Int32Array(Math.floor(recordCount / this.#sampling) + 1);
  }

  /** One acknowledged record; may print a window's line. */
  record(latencyMs: number, bytes: number, nowMs: number): void {
    this.#count += 1;
    this.#bytes += bytes;
    this.#totalLatencyMs += latencyMs;
    if (this.#maxLatencyMs < latencyMs) this.#maxLatencyMs = latencyMs;
    this.#windowCount += 1;
    this.#windowBytes += bytes;
    this.#windowTotalLatencyMs += latencyMs;
    if (this.#windowMaxLatencyMs < latencyMs) this.#windowMaxLatencyMs = latencyMs;
    if (this.#count % this.#sampling === 0) {
      this.#latencies[this.#samples] = latencyMs;
      this.#samples += 1;
    }
    if (nowMs - this.#windowStartMs < this.#reportingIntervalMs) return;
    this.#printWindow(nowMs);
    this.#windowStartMs = nowMs;
    this.#windowCount = 0;
    this.#windowBytes = 0;
    this.#windowTotalLatencyMs = 0;
    this.#windowMaxLatencyMs = 0;
  }

  printTotal(nowMs: number): void {
    const elapsedMs = nowMs - this.#startMs;
    const recordsPerSecond = (1000 * this.#count) / elapsedMs;
    const megabytesPerSecond = (1000 * this.#bytes) / elapsedMs / bytesPerMegabyte;
    const [p50, p95, p99, p999] = this.#percentiles([0.5, 0.95, 0.99, 0.999]);
    const rates = `${formatFixed(recordsPerSecond, 6)} records/sec (${formatFixed(megabytesPerSecond, 2)} MB/sec)`;
    const average = formatFixed(this.#totalLatencyMs / this.#count, 2);
    const latencies = `${average} ms avg latency, ${formatFixed(this.#maxLatencyMs, 2)} ms max latency`;
    this.#print(
      `${this.#count} records sent, ${rates}, ${latencies}, ${p50} ms 50th, ${p95} ms 95th, ${p99} ms 99th, ${p999} ms 99.9th.`,
    );
  }

  #printWindow(nowMs: number): void {
    const elapsedMs = nowMs - this.#windowStartMs;
    const recordsPerSecond = (1000 * this.#windowCount) / elapsedMs;
    const megabytesPerSecond = (1000 * this.#windowBytes) / elapsedMs / bytesPerMegabyte;
    const averageMs = this.#windowTotalLatencyMs / this.#windowCount;
    this.#print(
      `${this.#windowCount} records sent, ${formatFixed(recordsPerSecond, 1)} records/sec (${formatFixed(megabytesPerSecond, 2)} MB/sec), ${formatFixed(averageMs, 1)} ms avg latency, ${formatFixed(this.#windowMaxLatencyMs, 1)} ms max latency.`,
    );
  }

  #percentiles(fractions: readonly number[]): readonly number[] {
    const size = Math.min(this.#samples, this.#latencies.length);
    const sorted = this.#latencies.subarray(0, size).toSorted();
    return fractions.map((fraction) => sorted[Math.floor(fraction * size)] ?? 0);
  }
}
