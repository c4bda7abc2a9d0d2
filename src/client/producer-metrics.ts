import type { Clock } from '../base/clock.ts';
import { batchOverheadBytes } from '../protocol/records/batch-layout.ts';
import type { ProducerBatch } from './producer-batch.ts';
import { type Metric, SampledStat } from './sampled-stat.ts';

const statNames = [
  'batchSize',
  'compressionRate',
  'queueTime',
  'recordSize',
  'recordsPerRequest',
  'requestLatency',
  'records',
  'errors',
  'retries',
  'bytesOut',
  'requests',
  'responses',
] as const;
type StatName = (typeof statNames)[number];

/** The figures behind Kafka's producer-metrics. */
export class ProducerMetrics {
  readonly #clock: Clock;
  readonly #clientId: string;
  readonly #stats: Record<StatName, SampledStat>;
  readonly #totals = new Map<StatName, number>();

  constructor(clock: Clock, clientId: string) {
    this.#clock = clock;
    this.#clientId = clientId;
    const nowMs = clock.monotonicMs();
    const stats = statNames.map((name) => [name, new SampledStat(nowMs)] as const);
    this.#stats = Object.fromEntries(stats) as Record<StatName, SampledStat>;
  }

  record(name: StatName, value: number, nowMs = this.#clock.monotonicMs()): void {
    this.#stats[name].record(value, nowMs);
    this.#totals.set(name, (this.#totals.get(name) ?? 0) + value);
  }

  recordBatch(batch: ProducerBatch, nowMs: number): void {
    const plainBytes = batch.builder.uncompressedBytes;
    this.record('batchSize', batch.sizeBytes, nowMs);
    this.record('queueTime', nowMs - batch.createdAtMs, nowMs);
    this.record('compressionRate', (batch.sizeBytes - batchOverheadBytes) / plainBytes, nowMs);
    this.record('recordSize', plainBytes / batch.recordCount, nowMs);
  }

  recordRequest(batches: readonly ProducerBatch[], nowMs: number): void {
    const recordCount = batches.reduce((sum, batch) => sum + batch.recordCount, 0);
    this.record('records', recordCount, nowMs);
    this.record('recordsPerRequest', recordCount, nowMs);
    this.record('requests', 1, nowMs);
  }

  /** `gauges` are values of the moment, by Kafka's names. */
  list(gauges: Readonly<Record<string, number>>): readonly Metric[] {
    const nowMs = this.#clock.monotonicMs();
    const stats = this.#stats;
    const total = (name: StatName) => this.#totals.get(name) ?? 0;
    const values: Record<string, number> = {
      'batch-size-avg': stats.batchSize.average(nowMs),
      'batch-size-max': stats.batchSize.max(nowMs),
      'compression-rate-avg': stats.compressionRate.average(nowMs),
      'outgoing-byte-rate': stats.bytesOut.rate(nowMs),
      'outgoing-byte-total': total('bytesOut'),
      'record-error-rate': stats.errors.rate(nowMs),
      'record-error-total': total('errors'),
      'record-queue-time-avg': stats.queueTime.average(nowMs),
      'record-queue-time-max': stats.queueTime.max(nowMs),
      'record-retry-rate': stats.retries.rate(nowMs),
      'record-retry-total': total('retries'),
      'record-send-rate': stats.records.rate(nowMs),
      'record-send-total': total('records'),
      'record-size-avg': stats.recordSize.average(nowMs),
      'record-size-max': stats.recordSize.max(nowMs),
      'records-per-request-avg': stats.recordsPerRequest.average(nowMs),
      'request-latency-avg': stats.requestLatency.average(nowMs),
      'request-latency-max': stats.requestLatency.max(nowMs),
      'request-rate': stats.requests.rate(nowMs),
      'request-total': total('requests'),
      'response-rate': stats.responses.rate(nowMs),
      'response-total': total('responses'),
      ...gauges,
    };
    const tags = { 'client-id': this.#clientId };
    return Object.entries(values).map(([name, value]) => ({
      group: 'producer-metrics',
      name,
      tags,
      value,
    }));
  }
}
