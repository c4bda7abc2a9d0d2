import type { ProducerFigures } from './perf-tools.ts';
import type {
  BenchResults,
  BrokerFigures,
  ClusterFigures,
  ManyPartitionsFigures,
  ScalingFigures,
} from './results.ts';

/** `docs/PERFORMANCE.md`: what was measured, on what, and as ratios. */
export function toMarkdown(results: BenchResults): string {
  const { machine } = results;
  return [
    '# Performance',
    '',
    `Measured by \`npm run bench\` on ${machine.date}: ${machine.processor}, ${machine.cores} cores, ${machine.memoryGib} GiB, Node ${machine.node}. ${results.records.toLocaleString('en')} records of 1,024 bytes a run; broker and client share the machine. Run it on yours: the ratios carry over, the figures do not.`,
    '',
    ...brokersSection(results.brokers),
    ...clustersSection(results.clusters),
    ...manyPartitionsSection(results.manyPartitions),
    ...toolsSection(results),
    ...tabSection(results),
    ...scalingSection(results.scaling),
  ].join('\n');
}

function brokersSection(brokers: readonly BrokerFigures[]): string[] {
  const [ours] = brokers;
  if (ours === undefined) return [];
  const names = brokers.map((broker) => broker.broker);
  const rows = [
    row('start to ready, ms', brokers, (broker) => broker.startMs, 0),
    ...ours.runs.flatMap((run, index) =>
      produceRows(`acks=${run.acks}`, brokers, (broker) => broker.runs[index]?.figures),
    ),
    row('consume, MB/s', brokers, (broker) => broker.consume.megabytesPerSecond, 1),
    row(
      'resident memory after all runs, MB',
      brokers,
      (broker) => broker.residentBytes / 2 ** 20,
      0,
    ),
    row('peak resident memory, MB', brokers, (broker) => broker.peakBytes / 2 ** 20, 0),
    row('CPU of the broker, s', brokers, (broker) => broker.cpuSeconds, 1),
  ];
  return [
    `## The broker on Node under the unmodified ${ours.tool} perf tools`,
    '',
    ...table(headOf(names), rows),
  ];
}

function produceRows<T>(
  title: string,
  brokers: readonly T[],
  figuresOf: (broker: T) => ProducerFigures | undefined,
): string[][] {
  const take = (key: keyof ProducerFigures) => (broker: T) => figuresOf(broker)?.[key] ?? 0;
  return [
    row(`${title}: records/s`, brokers, take('recordsPerSecond'), 0),
    row(`${title}: MB/s`, brokers, take('megabytesPerSecond'), 1),
    row(`${title}: average latency, ms`, brokers, take('latencyAvgMs'), 1),
    row(`${title}: 99th percentile, ms`, brokers, take('latency99Ms'), 0),
  ];
}

function clustersSection(clusters: readonly ClusterFigures[]): string[] {
  const [ours] = clusters;
  if (ours === undefined) return [];
  const rows = [
    ...produceRows('acks=all', clusters, (each) => each.produce),
    row('resident memory of the three, MB', clusters, (each) => each.residentBytes / 2 ** 20, 0),
    row('CPU of the three for a run, s', clusters, (each) => each.cpuSeconds, 1),
  ];
  const runs = clusters.map(
    (each) => `${each.cluster} ${each.runs.map((rate) => rate.toFixed(0)).join(', ')}`,
  );
  return [
    `## Three nodes on one machine, ${ours.partitions} partitions with three replicas, min.insync.replicas=2`,
    '',
    `The unmodified ${ours.tool} producer, acks=all, all three log directories on one disk. Two sittings each, in the order ours, theirs, theirs, ours; in each half a run warms up and two are measured. Shown is the run in the middle of four; all of them, in records/s: ${runs.join('; ')}.`,
    '',
    ...table(headOf(clusters.map((each) => each.cluster)), rows),
  ];
}

function manyPartitionsSection(clusters: readonly ManyPartitionsFigures[]): string[] {
  const [ours] = clusters;
  if (ours === undefined) return [];
  const rows = [
    row('created, ms', clusters, (each) => each.createMs, 0),
    row('known everywhere and in sync, ms', clusters, (each) => each.inSyncMs, 0),
    row('active controller killed to the next one, ms', clusters, (each) => each.failoverMs, 0),
    row('… to the first topic that it made, ms', clusters, (each) => each.firstChangeMs, 0),
    row('resident memory of one node, MB', clusters, (each) => each.residentBytesMax / 2 ** 20, 0),
  ];
  return [
    `## ${ours.partitions.toLocaleString('en')} partitions with three replicas on three nodes`,
    '',
    ...table(headOf(clusters.map((each) => each.cluster)), rows),
  ];
}

function headOf(names: readonly string[]): string[] {
  return ['', ...names, ...(names.length < 2 ? [] : ['ours : theirs'])];
}

function toolsSection(results: BenchResults): string[] {
  const { tools } = results;
  const rows = [
    row('produce, records/s', tools, (tool) => tool.produce.recordsPerSecond, 0),
    row('produce, 99th percentile, ms', tools, (tool) => tool.produce.latency99Ms, 0),
    row('consume, MB/s', tools, (tool) => tool.consume.megabytesPerSecond, 1),
  ];
  return [
    '## Our perf tools beside the Java ones, on our broker',
    '',
    ...table(headOf(tools.map((tool) => tool.tool)), rows),
  ];
}

function tabSection(results: BenchResults): string[] {
  const { tab } = results;
  if ('skipped' in tab) return ['## In a browser tab', '', `Not measured: ${tab.skipped}.`, ''];
  const onNode = results.tools[0]?.produce.recordsPerSecond ?? Number.NaN;
  const rows = [
    ['*Start lab* to a prompt, ms', tab.promptMs.toFixed(0)],
    ['`kafka-server-start.sh` to started, ms', tab.startMs.toFixed(0)],
    ['produce, acks=1, records/s', tab.produce.recordsPerSecond.toFixed(0)],
    ['produce, acks=1, MB/s', tab.produce.megabytesPerSecond.toFixed(1)],
    ['tab : Node, records/s', (tab.produce.recordsPerSecond / onNode).toFixed(2)],
    ['longest task on the page, ms', tab.longestTaskMs.toFixed(0)],
    ['three nodes, three replicas, acks=all, records/s', tab.cluster.recordsPerSecond.toFixed(0)],
    ['three nodes: MB/s', tab.cluster.megabytesPerSecond.toFixed(1)],
  ];
  return [`## In a browser tab (${tab.browser}, headless)`, '', ...table(['', 'tab'], rows)];
}

function scalingSection(scaling: readonly ScalingFigures[]): string[] {
  const rows = scaling.map((each) => [
    each.broker,
    String(each.partitions),
    String(each.recordBytes),
    each.figures.recordsPerSecond.toFixed(0),
    each.figures.megabytesPerSecond.toFixed(1),
    String(each.figures.latency99Ms),
  ]);
  const head = ['broker', 'partitions', 'record, B', 'records/s', 'MB/s', '99th percentile, ms'];
  return ['## How the cost grows', '', ...table(head, rows)];
}

/** One line of figures, and their ratio when there are two. */
function row<T>(
  title: string,
  columns: readonly T[],
  valueIn: (column: T) => number,
  digits: number,
): string[] {
  const values = columns.map(valueIn);
  const [ours = 0, theirs] = values;
  const ratio = theirs === undefined ? [] : [(ours / theirs).toFixed(2)];
  return [title, ...values.map((value) => value.toFixed(digits)), ...ratio];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line), ''];
}
