import { Kafka, logLevel } from 'kafkajs';
import { eventually } from '../clients/eventually.ts';
import type { LoggedRecord } from './acknowledgements.ts';

/** Every record of the topic, each partition in its order, read with a client that is not ours. */
export async function readLog(bootstrap: string, topic: string): Promise<LoggedRecord[]> {
  const kafka = new Kafka({ brokers: bootstrap.split(','), logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const offsets = await admin.fetchTopicOffsets(topic);
  await admin.disconnect();
  const expected = offsets.reduce((sum, { low, high }) => sum + Number(high) - Number(low), 0);

  const log: LoggedRecord[] = [];
  const consumer = kafka.consumer({ groupId: 'judge', maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatch: ({ batch }) => {
      for (const message of batch.messages) {
        log.push({ partition: batch.partition, value: message.value?.toString() ?? '' });
      }
      return Promise.resolve();
    },
  });
  await eventually(
    () => log.length,
    (length) => expected <= length,
    120_000,
  );
  await consumer.disconnect();
  return log;
}
