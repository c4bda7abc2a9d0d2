import type { Clock } from '../base/clock.ts';
import { batchOverheadBytes } from '../protocol/records/batch-layout.ts';
import type { ProducerBatch } from './producer-batch.ts';

/** A value as `--print-metrics` prints it: group, name, tags. */
export interface Metric {
  readonly group: string;
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly value: number;
}

const sampleWindowMs = 30_000;

/** Events over the last one to two windows of 30 s, as Kafka's SampledStat keeps them. */
class SampledStat {
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
