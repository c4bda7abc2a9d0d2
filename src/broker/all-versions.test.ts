import { expect, test } from 'vitest';
import { errorNameOf } from '../protocol/error-codes.ts';
import { startTestCluster, type TestCluster } from '../testing/cluster.ts';
import { type Message, pruneToVersion, sampleRequests } from '../testing/sample-requests.ts';
import { WireClient } from '../testing/wire-client.ts';
import { brokerRoutes } from './routes.ts';

const cases = brokerRoutes.flatMap(({ api }) =>
  Array.from({ length: api.versions[1] - api.versions[0] + 1 }, (_, index) => ({
    api,
    name: api.name,
    version: api.versions[0] + index,
  })),
);

test('every advertised version of every API is answered without a fault', async () => {
  await askEverything(await startTestCluster(), 1);
});

test('a broker that passes requests on to the active controller answers every version too', async () => {
  const cluster = await startTestCluster({ nodes: 3 });
  await askEverything(cluster, ((cluster.activeController ?? 0) % 3) + 1);
});

async function askEverything(cluster: TestCluster, id: number): Promise<void> {
  const { network } = cluster.client();
  const address = { host: `worker${id}`, port: 9092 };
  const client = await cluster.run(WireClient.connect(network, address));
  const setUp = brokerRoutes.find(({ api }) => api.key === 19)?.api;
  if (setUp === undefined) throw new TypeError('no CreateTopics');
  await cluster.run(
    client.send({ ...setUp, version: 5 }, (sampleRequests[19]?.() ?? {}) as object),
  );
  for (const { api, name, version } of cases) {
    const sample = sampleRequests[api.key]?.();
    expect(sample, `a sample of ${name}`).toBeDefined();
    const { request, response } = api;
    const before = cluster.logLines.length;
    const answered = client.send(
      { request, response, version },
      pruneToVersion(request, version, sample ?? {}) as object,
    );
    const message = (await cluster.run(answered)) as Message;
    const faults = cluster.logLines.slice(before).filter((line) => /^(worker\d )?ERROR/.test(line));
    expect(faults, `${name} v${version}`).toEqual([]);
    const errorCode = typeof message['errorCode'] === 'number' ? message['errorCode'] : 0;
    expect(errorNameOf(errorCode), `${name} v${version}`).not.toBe('UNKNOWN_SERVER_ERROR');
  }
}
