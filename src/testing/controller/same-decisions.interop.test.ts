import { expect, test } from 'vitest';
import { findApacheKafka } from '../apache-kafka.ts';
import { ApacheController } from './apache-controller.ts';
import { ControllerScript } from './controller-script.ts';
import { tellStory } from './controller-story.ts';

const found = findApacheKafka({ fetch: false });
const kafka = 'reason' in found ? undefined : found;
if ('reason' in found) {
  process.stderr.write(`skipped: the story of a controller (${found.reason})\n`);
}

test.skipIf(kafka === undefined)(
  'the controller of Apache Kafka 3.8.0 answers and writes what the fixture says',
  async () => {
    if (kafka === undefined) return;
    const apache = new ApacheController();
    try {
      await apache.start(kafka);
      const script = new ControllerScript(apache);
      await tellStory(script);
      const fixture = '../../controller/testdata/kafka-3.8.0/controller-story.jsonl';
      await expect(script.transcript()).toMatchFileSnapshot(fixture);
    } finally {
      apache.stop();
    }
  },
);
