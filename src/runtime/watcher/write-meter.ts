import type { ClusterChange, WritesReport } from './cluster-report.ts';
import type { ClusterSample } from './cluster-sample.ts';

/** The rate is that of the last so many milliseconds. */
const windowMs = 2_000;
/** A pause is longer than this and the time between two samples. */
const pauseMs = 1_000;
const knownMax = 1_000;

/** What may make producers wait; other pauses are their own. */
const troubles: ReadonlySet<ClusterChange['kind']> = new Set([
  'leader-lost',
  'leader-elected',
  'rival-leader',
  'broker-fenced',
  'isr-shrunk',
  'leaders-moved',
  'partitions-offline',
]);

interface KnownPartition {
  readonly offset: number;
  readonly grewAtMs: number;
  /** Whether it had also grown shortly before. */
  readonly isSteady: boolean;
}

/**
 * What is written, as high watermarks tell: records that all replicas in sync have. Tells how long partitions
 * that were written all the time stood still, when something had happened to the cluster.
 */
export class WriteMeter {
  #known = new Map<string, KnownPartition>();
  #records = 0;
  #window: { readonly atMs: number; readonly records: number }[] = [];
  #troubleAtMs = Number.NEGATIVE_INFINITY;

  /** `changes`: what the sample has told already. */
  take(
    { offsets, monotonicMs }: ClusterSample,
    changes: readonly ClusterChange[],
  ): readonly ClusterChange[] {
    if (changes.some(({ kind }) => troubles.has(kind))) this.#troubleAtMs = monotonicMs;
    const betweenMs = monotonicMs - (this.#window.at(-1)?.atMs ?? monotonicMs);
    const pauses = [...offsets]
      .map(([partition, offset]) => ({
        partition,
        afterMs: this.#takeOffset(partition, offset, { monotonicMs, betweenMs }),
      }))
      .filter(({ afterMs }) => 0 < afterMs);
    if (knownMax < this.#known.size) {
      this.#known = new Map([...this.#known].filter(([partition]) => offsets.has(partition)));
    }
    this.#window = this.#window.filter(({ atMs }) => monotonicMs - atMs <= windowMs);
    this.#window.push({ atMs: monotonicMs, records: this.#records });
    const [first] = pauses;
    if (first === undefined) return [];
    const afterMs = Math.max(...pauses.map((pause) => pause.afterMs));
    const counted = { partitions: pauses.length, example: first.partition };
    return [{ kind: 'writes-go-on', ...counted, afterMs }];
  }

  /** Undefined before there are two samples, and where no partition could be asked. */
  report({ offsets, monotonicMs }: ClusterSample): WritesReport | undefined {
    const [first] = this.#window;
    if (first === undefined || first.atMs === monotonicMs || offsets.size === 0) return undefined;
    const seconds = (monotonicMs - first.atMs) / 1_000;
    const recordsPerSecond = (this.#records - first.records) / seconds;
    return { recordsPerSecond, partitions: offsets.size };
  }

  /** For how long a partition that is written again was not, because of some trouble; else 0. */
  #takeOffset(
    partition: string,
    offset: number,
    { monotonicMs, betweenMs }: { readonly monotonicMs: number; readonly betweenMs: number },
  ): number {
    const before = this.#known.get(partition);
    if (before === undefined || offset <= before.offset) {
      const unwritten = { grewAtMs: Number.NEGATIVE_INFINITY, isSteady: false };
      // After an unclean election a partition may have fewer records than it had.
      this.#known.set(partition, { ...(before ?? unwritten), offset });
      return 0;
    }
    this.#records += offset - before.offset;
    const stoodMs = monotonicMs - before.grewAtMs;
    const isSteady = stoodMs <= windowMs + betweenMs;
    this.#known.set(partition, { offset, grewAtMs: monotonicMs, isSteady });
    const isPause =
      before.isSteady && pauseMs + betweenMs < stoodMs && before.grewAtMs <= this.#troubleAtMs;
    return isPause ? stoodMs : 0;
  }
}
