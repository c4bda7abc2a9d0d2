import { expect, test } from 'vitest';
import { errorNameOf } from '../protocol/error-codes.ts';
import { startTestCluster } from '../testing/cluster.ts';
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
  const cluster = await startTestCluster();
  const { network } = cluster.client();
  const client = await cluster.run(WireClient.connect(network, { host: 'worker1', port: 9092 }));
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
    const faults = cluster.logLines.slice(before).filter((line) => line.startsWith('ERROR'));
    expect(faults, `${name} v${version}`).toEqual([]);
    const errorCode = typeof message['errorCode'] === 'number' ? message['errorCode'] : 0;
    expect(errorNameOf(errorCode), `${name} v${version}`).not.toBe('UNKNOWN_SERVER_ERROR');
  }
});
