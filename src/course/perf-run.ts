/** One run of a perf tool, read from the lines that the tool itself printed. */
export type PerfRun = ProducerRun | ConsumerRun;

export interface ProducerRun {
  readonly kind: 'producer';
  readonly command: string;
  readonly records: number;
  readonly recordsPerSecond: number;
  /** MB is 1,048,576 bytes, as in the tool. */
  readonly megabytesPerSecond: number;
  readonly latencyMs: {
    readonly average: number;
    readonly max: number;
    readonly p50: number;
    readonly p95: number;
    readonly p99: number;
    readonly p999: number;
  };
}

export interface ConsumerRun {
  readonly kind: 'consumer';
  readonly command: string;
  readonly records: number;
  readonly recordsPerSecond: number;
  readonly megabytesPerSecond: number;
  /** Time in the group's first rebalance, and time in fetching. */
  readonly rebalanceMs: number;
  readonly fetchMs: number;
}

const number = String.raw`([\d.]+)`;
const producerLine = new RegExp(
  `(\\d+) records sent, ${number} records/sec \\(${number} MB/sec\\), ${number} ms avg latency, ` +
    `${number} ms max latency, (\\d+) ms 50th, (\\d+) ms 95th, (\\d+) ms 99th, (\\d+) ms 99.9th\\.`,
);
const time = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d:\d{3}`;
const consumerLine = new RegExp(
  `^${time}, ${time}, ${number}, ${number}, (\\d+), ${number}, (\\d+), (\\d+), ${number}, ${number}`,
);

/** The run that a line sums up; undefined for every other line (a 5-second window line too). */
export function parsePerfLine(line: string, command: string): PerfRun | undefined {
  return parseProducerLine(line, command) ?? parseConsumerLine(line, command);
}

/** Summary lines of some text: each is a run of `command`. */
export function parsePerfOutput(text: string, command: string): PerfRun[] {
  const runs = text.split('\n').map((line) => parsePerfLine(line.trimEnd(), command));
  return runs.filter((run) => run !== undefined);
}

function parseProducerLine(line: string, command: string): ProducerRun | undefined {
  const match = producerLine.exec(line);
  if (match === null) return undefined;
  const [records, rate, megabytes, average, max, p50, p95, p99, p999] = numbers(match);
  return {
    kind: 'producer',
    command,
    records: records ?? 0,
    recordsPerSecond: rate ?? 0,
    megabytesPerSecond: megabytes ?? 0,
    latencyMs: {
      average: average ?? 0,
      max: max ?? 0,
      p50: p50 ?? 0,
      p95: p95 ?? 0,
      p99: p99 ?? 0,
      p999: p999 ?? 0,
    },
  };
}

function parseConsumerLine(line: string, command: string): ConsumerRun | undefined {
  const match = consumerLine.exec(line);
  if (match === null) return undefined;
  const [, megabytes, records, rate, rebalance, fetch] = numbers(match);
  return {
    kind: 'consumer',
    command,
    records: records ?? 0,
    recordsPerSecond: rate ?? 0,
    megabytesPerSecond: megabytes ?? 0,
    rebalanceMs: rebalance ?? 0,
    fetchMs: fetch ?? 0,
  };
}

function numbers(match: RegExpExecArray): number[] {
  return match.slice(1).map(Number);
}
