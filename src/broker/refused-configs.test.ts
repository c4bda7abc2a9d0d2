import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ConfigException } from './config-exception.ts';
import { KafkaConfig } from './kafka-config.ts';

interface Refusal {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly exception: string;
  readonly message: string;
}

// Recorded: what Apache Kafka 3.8.0 (`kafka.Kafka`) said to the same files before it ended with status 1.
const recordings = new URL('testdata/refused-configs-3.8.0.json', import.meta.url);
const refusals = JSON.parse(readFileSync(recordings, 'utf8')) as readonly Refusal[];

test.for(refusals)('$name is refused as Kafka refuses it', ({ properties, ...refusal }) => {
  let refused: unknown;
  try {
    KafkaConfig.of(properties);
  } catch (error) {
    refused = error;
  }
  expect(refused).toBeInstanceOf(ConfigException);
  const { javaName: exception, message } = refused as ConfigException;
  expect({ exception, message }).toEqual({
    exception: refusal.exception,
    message: refusal.message,
  });
});
