import { type ITopicConfig, Kafka, logLevel } from 'kafkajs';

const deadlineMs = 300_000;

/** Creates topics one after the other, with a client that is neither side's own. */
export async function createTopics(
  bootstrap: string,
  topics: readonly ITopicConfig[],
): Promise<void> {
  const brokers = bootstrap.split(',');
  const kafka = new Kafka({ brokers, requestTimeout: deadlineMs, logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  for (const topic of topics) {
    await admin.createTopics({ waitForLeaders: false, timeout: deadlineMs, topics: [topic] });
  }
  await admin.disconnect();
}
