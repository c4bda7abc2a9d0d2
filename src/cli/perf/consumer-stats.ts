import type { DateFormat } from '../text/date-format.ts';
import { formatFixed } from '../text/java-format.ts';

const bytesPerMegabyte = 1024 * 1024;

export interface ConsumerStatsOptions {
  readonly startMs: number;
  /** With it: a line an interval. */
  readonly reportingIntervalMs: number | undefined;
  readonly dates: DateFormat;
  readonly print: (line: string) => void;
}

/** Counts what was read as Kafka's ConsumerPerformance does and says so in its format. */
export class ConsumerStats {
  readonly #options: ConsumerStatsOptions;
  #records = 0;
  #bytes = 0;
  #joinMs = 0;
  #joinStartMs = 0;
  #windowStartMs: number;
  #windowRecords = 0;
  #windowBytes = 0;
  #windowJoinMs = 0;

  constructor(options: ConsumerStatsOptions) {
    this.#options = options;
    this.#windowStartMs = options.startMs;
  }

  get recordCount(): number {
    return this.#records;
  }

  joinStarted(nowMs: number): void {
    this.#joinStartMs = nowMs;
  }

  joinEnded(nowMs: number): void {
    const tookMs = nowMs - this.#joinStartMs;
    this.#joinMs += tookMs;
    this.#windowJoinMs += tookMs;
  }

  count(records: number, bytes: number): void {
    this.#records += records;
    this.#bytes += bytes;
  }

  /** Prints a window's line when its time has come. */
  tick(nowMs: number): void {
    const { reportingIntervalMs } = this.#options;
    if (reportingIntervalMs === undefined) return;
    if (nowMs - this.#windowStartMs < reportingIntervalMs) return;
    this.#printWindow(nowMs);
    this.#windowStartMs = nowMs;
    this.#windowRecords = this.#records;
    this.#windowBytes = this.#bytes;
    this.#windowJoinMs = 0;
  }

  printTotal(endMs: number): void {
    const { startMs, dates, print } = this.#options;
    const seconds = (endMs - startMs) / 1000;
    const fetchMs = endMs - startMs - this.#joinMs;
    const megabytes = this.#bytes / bytesPerMegabyte;
    const cells = [
      dates.format(startMs),
      dates.format(endMs),
      formatFixed(megabytes, 4),
      formatFixed(megabytes / seconds, 4),
      this.#records,
      formatFixed(this.#records / seconds, 4),
      this.#joinMs,
      fetchMs,
      formatFixed(megabytes / (fetchMs / 1000), 4),
      formatFixed(this.#records / (fetchMs / 1000), 4),
    ];
    print(cells.join(', '));
  }

  #printWindow(nowMs: number): void {
    const { dates, print } = this.#options;
    const elapsedMs = nowMs - this.#windowStartMs;
    const megabytes = (this.#bytes - this.#windowBytes) / bytesPerMegabyte;
    const records = this.#records - this.#windowRecords;
    const fetchMs = elapsedMs - this.#windowJoinMs;
    const isJoining = fetchMs <= 0;
    const cells = [
      dates.format(nowMs),
      0,
      formatFixed(this.#bytes / bytesPerMegabyte, 4),
      formatFixed((1000 * megabytes) / elapsedMs, 4),
      this.#records,
      formatFixed((1000 * records) / elapsedMs, 4),
      this.#windowJoinMs,
      fetchMs,
      formatFixed(isJoining ? 0 : (1000 * megabytes) / fetchMs, 4),
      formatFixed(isJoining ? 0 : (1000 * records) / fetchMs, 4),
    ];
    print(cells.join(', '));
  }
}
