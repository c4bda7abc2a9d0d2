import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Language } from '../../course/lesson.ts';

/** What the lesson shows of the results that `npm run bench` writes; the rest is in docs/PERFORMANCE.md. */
const figuresSchema = z.object({
  recordsPerSecond: z.number(),
  megabytesPerSecond: z.number(),
  latencyAvgMs: z.number(),
  latency99Ms: z.number(),
});
const benchSchema = z.object({
  machine: z.object({ date: z.string(), processor: z.string(), cores: z.number() }),
  records: z.number(),
  brokers: z.array(
    z.object({
      broker: z.string(),
      startMs: z.number(),
      runs: z.array(z.object({ acks: z.string(), figures: figuresSchema })),
    }),
  ),
  tab: z.union([
    z.object({ browser: z.string(), startMs: z.number(), produce: figuresSchema }),
    z.object({ skipped: z.string() }),
  ]),
});

type Bench = z.infer<typeof benchSchema>;
type Column = { name: string; startMs: number; figures: z.infer<typeof figuresSchema> };

export interface BenchTable {
  readonly columns: readonly string[];
  readonly rows: readonly { readonly name: string; readonly cells: readonly string[] }[];
  readonly note: string;
}

/** undefined where no benchmark has been recorded. */
export async function readBench(
  lang: Language,
  path = 'bench/results.json',
): Promise<BenchTable | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  return toTable(benchSchema.parse(JSON.parse(text)), words[lang]);
}

function toTable(bench: Bench, say: (typeof words)[Language]): BenchTable {
  const columns = [...bench.brokers.flatMap(atAcksOne), ...inTab(bench, say)];
  const row = (name: string, value: (column: Column) => number) => ({
    name,
    cells: columns.map((column) => Math.round(value(column)).toLocaleString('en-US')),
  });
  const { date, processor, cores } = bench.machine;
  return {
    columns: columns.map((column) => column.name),
    rows: [
      row(say.rate, (column) => column.figures.recordsPerSecond),
      row('MB/s', (column) => column.figures.megabytesPerSecond),
      row(say.average, (column) => column.figures.latencyAvgMs),
      row(say.tail, (column) => column.figures.latency99Ms),
      row(say.start, (column) => column.startMs),
    ],
    note: say.note(bench.records.toLocaleString('en-US'), `${processor}, ${cores}`, date),
  };
}

function atAcksOne({ broker, startMs, runs }: Bench['brokers'][number]): Column[] {
  const run = runs.find((candidate) => candidate.acks === '1');
  return run === undefined ? [] : [{ name: broker, startMs, figures: run.figures }];
}

function inTab({ tab }: Bench, say: (typeof words)[Language]): Column[] {
  if ('skipped' in tab) return [];
  return [{ name: say.tab(tab.browser), startMs: tab.startMs, figures: tab.produce }];
}

const words = {
  en: {
    rate: 'records/s',
    average: 'average latency, ms',
    tail: '99th percentile, ms',
    start: 'start to ready, ms',
    tab: (browser: string) => `this broker in a tab (${browser})`,
    note: (records: string, machine: string, date: string) =>
      `kafka-producer-perf-test.sh, acks=1, ${records} records of 1,024 bytes, without a limit. ${machine} cores; measured on ${date}.`,
  },
  zh: {
    rate: '条/秒',
    average: '平均延迟，ms',
    tail: '第 99 百分位，ms',
    start: '启动到就绪，ms',
    tab: (browser: string) => `标签页中的这个 broker（${browser}）`,
    note: (records: string, machine: string, date: string) =>
      `kafka-producer-perf-test.sh，acks=1，${records} 条 1,024 字节的记录，不限速。${machine} 核；测于 ${date}。`,
  },
} as const;
