import type { Clock } from '../base/clock.ts';
import { type Metric, SampledStat } from './sampled-stat.ts';

/** The figures behind Kafka's consumer-fetch-manager-metrics. */
export class FetchMetrics {
  readonly #clock: Clock;
  readonly #clientId: string;
  readonly #bytes: SampledStat;
  readonly #records: SampledStat;
  readonly #latency: SampledStat;
  #totalBytes = 0;
  #totalRecords = 0;
  #totalFetches = 0;

  constructor(clock: Clock, clientId: string) {
    const nowMs = clock.monotonicMs();
    this.#clock = clock;
    this.#clientId = clientId;
    this.#bytes = new SampledStat(nowMs);
    this.#records = new SampledStat(nowMs);
    this.#latency = new SampledStat(nowMs);
  }

  fetched(bytes: number, latencyMs: number): void {
    const nowMs = this.#clock.monotonicMs();
    this.#bytes.record(bytes, nowMs);
    this.#latency.record(latencyMs, nowMs);
    this.#totalBytes += bytes;
    this.#totalFetches += 1;
  }

  consumed(records: number): void {
    this.#records.record(records, this.#clock.monotonicMs());
    this.#totalRecords += records;
  }

  list(): readonly Metric[] {
    const nowMs = this.#clock.monotonicMs();
    const values: Readonly<Record<string, number>> = {
      'bytes-consumed-rate': this.#bytes.rate(nowMs),
      'bytes-consumed-total': this.#totalBytes,
      'fetch-latency-avg': this.#latency.average(nowMs),
      'fetch-latency-max': this.#latency.max(nowMs),
      'fetch-size-avg': this.#bytes.average(nowMs),
      'fetch-size-max': this.#bytes.max(nowMs),
      'fetch-total': this.#totalFetches,
      'records-consumed-rate': this.#records.rate(nowMs),
      'records-consumed-total': this.#totalRecords,
      'records-per-request-avg': this.#totalRecords / this.#totalFetches,
    };
    const group = 'consumer-fetch-manager-metrics';
    const tags = { 'client-id': this.#clientId };
    return Object.entries(values).map(([name, value]) => ({ group, name, tags, value }));
  }
}
