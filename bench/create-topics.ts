import { type ITopicConfig, Kafka, logLevel } from 'kafkajs';
import { eventually } from '../src/testing/clients/eventually.ts';

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
    const request = { waitForLeaders: false, timeout: deadlineMs, topics: [topic] };
    await eventually(
      () => admin.createTopics(request).then(() => true, orNotYet),
      (isThere) => isThere,
    );
  }
  await admin.disconnect();
}

/** Right after the start of a cluster kafkajs may know who the controller is, and not yet where. */
function orNotYet(error: unknown): false {
  if (error instanceof Error && 'retriable' in error && error.retriable === true) return false;
  throw error;
}
