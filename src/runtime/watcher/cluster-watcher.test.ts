import { afterEach, expect, test } from 'vitest';
import { Admin } from '../../client/admin.ts';
import { startTestCluster, type TestCluster } from '../../testing/cluster.ts';
import type { ClusterReport } from './cluster-report.ts';
import { ClusterWatcher, viewOf } from './cluster-watcher.ts';

const targets = [
  { machine: 'worker1', port: 9_092 },
  { machine: 'worker1', port: 9_093 },
];
let watcher: ClusterWatcher | undefined;
afterEach(() => watcher?.dispose());

function watch(cluster: TestCluster): readonly ClusterReport[] {
  const reports: ClusterReport[] = [];
  watcher = new ClusterWatcher(cluster.client('observer'), (report) => reports.push(report));
  watcher.order({ targets, isPaused: false });
  return reports;
}

async function createTopic(cluster: TestCluster): Promise<void> {
  const admin = Admin.create(cluster.client(), { 'bootstrap.servers': cluster.bootstrap });
  await cluster.run(
    admin.createTopic({ name: 'orders', partitionCount: 3, replicationFactor: 1, configs: {} }),
  );
  admin.close();
}

test('a watcher reads quorum, brokers and partitions of whoever answers', async () => {
  const cluster = await startTestCluster();
  await createTopic(cluster);
  const reports = watch(cluster);
  await cluster.scheduler.advance(1_000);
  expect(reports.at(-1)).toMatchObject({
    nodes: [
      { machine: 'worker1', port: 9_092, kind: 'broker', isAnswering: true },
      { machine: 'worker1', port: 9_093, kind: 'controller', isAnswering: true },
    ],
    quorum: { leaderId: 1, voters: [{ nodeId: 1, machine: 'worker1', lag: 0 }], rivals: [] },
    brokers: [{ nodeId: 1, host: 'worker1', port: 9_092, machine: 'worker1', state: 'active' }],
    partitions: { topics: 1, partitions: 3, underReplicated: 0, offline: 0, matching: 3 },
  });
  expect(reports.length).toBeLessThan(6);
  await cluster.stop();
});

test('a watcher sees a node die and come back, and measures the time between', async () => {
  const cluster = await startTestCluster();
  await createTopic(cluster);
  const reports = watch(cluster);
  await cluster.scheduler.advance(1_000);
  expect(reports.at(-1)).toMatchObject({ isMetadataStale: false, partitions: { partitions: 3 } });
  await cluster.crash();
  await cluster.scheduler.advance(2_000);
  expect(reports.at(-1)?.quorum).toBeUndefined();
  // What was seen last stays, and is said to be old.
  expect(reports.at(-1)).toMatchObject({ isMetadataStale: true, partitions: { partitions: 3 } });
  await cluster.start();
  await cluster.scheduler.advance(2_000);
  const events = reports.flatMap((report) => report.events.map(({ kind }) => kind));
  expect(events).toEqual(
    expect.arrayContaining(['leader-elected', 'nobody-answers', 'leader-lost', 'answers-again']),
  );
  const last = reports
    .flatMap(({ events: all }) => all)
    .findLast((e) => e.kind === 'leader-elected');
  expect(last).toMatchObject({ kind: 'leader-elected', nodeId: 1 });
  expect(last?.kind === 'leader-elected' && last.afterMs).toBeGreaterThan(1_900);
  await cluster.stop();
});

test('a paused watcher asks nothing', async () => {
  const cluster = await startTestCluster();
  const reports = watch(cluster);
  await cluster.scheduler.advance(1_000);
  watcher?.order({ isPaused: true });
  const seen = reports.length;
  await cluster.scheduler.advance(5_000);
  expect(reports.length).toBeLessThanOrEqual(seen + 1);
  await cluster.stop();
});

test('of ten thousand partitions the page gets counts and one page', () => {
  const partitions = Array.from({ length: 10_000 }, (_, partition) => ({
    topic: `topic-${partition % 100}`,
    partition,
    leader: partition % 10 === 0 ? -1 : 1,
    leaderEpoch: 0,
    replicas: [1, 2, 3],
    isr: partition % 5 === 0 ? [1] : [1, 2, 3],
    offlineReplicas: [],
  }));
  const metadata = { from: 'worker1', clusterId: 'c', brokers: [], topics: 100, partitions };
  const view = viewOf(metadata, { filter: 'topic-5', onlyProblems: true, first: 100_000 });
  expect({ ...view, rows: view.rows.length }).toEqual({
    from: 'worker1',
    topics: 100,
    partitions: 10_000,
    underReplicated: 2_000,
    offline: 1_000,
    matching: 300,
    first: 250,
    rows: 50,
  });
});
