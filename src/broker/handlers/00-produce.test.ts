import { expect, test } from 'vitest';
import { errorCodeOf } from '../../protocol/error-codes.ts';
import { batchOf, labTopic, replicaLab } from '../../testing/replication/replica-lab.ts';
import type { RequestContext } from '../request-context.ts';
import { produceRoute } from './00-produce.ts';

test('too few in-sync replicas are told by the code alone, so that clients show their own words for it', async () => {
  const it = replicaLab();
  await it.start(1);
  await it.createPartition([1, 2], [1]);
  await it.configure('min.insync.replicas', '2');
  const context = {
    apiVersion: 11,
    client: { listenerName: 'PLAINTEXT' },
    broker: { replicas: it.replicas(1) },
  } as unknown as RequestContext;
  const outcome = await produceRoute.handle(context, {
    transactionalId: null,
    acks: -1,
    timeoutMs: 1_000,
    topicData: [{ name: labTopic, partitionData: [{ index: 0, records: batchOf('a') }] }],
  });
  const errorCode = errorCodeOf('NOT_ENOUGH_REPLICAS');
  expect(outcome).toMatchObject({
    message: { responses: [{ partitionResponses: [{ errorCode, errorMessage: null }] }] },
  });
});
