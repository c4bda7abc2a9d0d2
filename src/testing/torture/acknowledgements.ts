/** What the producers were told, and what the log holds, compared. */
export interface Verdict {
  readonly acknowledged: number;
  readonly inLog: number;
  /** Acknowledged and not in the log. */
  readonly lost: readonly string[];
  /** In the log more than once. */
  readonly duplicated: readonly string[];
  /** A producer's later record before an earlier one, in one partition. */
  readonly reordered: readonly string[];
}

/** One record as it stands in the log: the value is `producer:sequence`. */
export interface LoggedRecord {
  readonly partition: number;
  readonly value: string;
}

/** Judges a log (each partition in its order) by the acknowledgements. */
export function judge(acknowledged: ReadonlySet<string>, log: readonly LoggedRecord[]): Verdict {
  const times = new Map<string, number>();
  const reordered: string[] = [];
  const lastSequence = new Map<string, number>();
  for (const { partition, value } of log) {
    times.set(value, (times.get(value) ?? 0) + 1);
    const [producer = '', sequence = ''] = value.split(':');
    const lane = `${producer}@${partition}`;
    if (Number(sequence) <= (lastSequence.get(lane) ?? -1))
      reordered.push(`${value} in ${partition}`);
    lastSequence.set(lane, Number(sequence));
  }
  return {
    acknowledged: acknowledged.size,
    inLog: log.length,
    lost: [...acknowledged].filter((value) => !times.has(value)),
    duplicated: [...times].filter(([, count]) => 1 < count).map(([value]) => value),
    reordered,
  };
}
