import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ConfigException } from './config-exception.ts';
import { KafkaConfig } from './kafka-config.ts';

interface Verdict {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  /** null where the configuration was accepted. */
  readonly exception: string | null;
  readonly message: string | null;
}

/** What a Kafka (`kafka.Kafka`) said to the same files before it ended with status 1. */
function recorded(name: string): readonly Verdict[] {
  const recording = new URL(`testdata/${name}`, import.meta.url);
  return JSON.parse(readFileSync(recording, 'utf8')) as readonly Verdict[];
}

function verdictOf(properties: Readonly<Record<string, string>>): Partial<Verdict> {
  try {
    KafkaConfig.of(properties);
    return { exception: null, message: null };
  } catch (error) {
    if (!(error instanceof ConfigException)) throw error;
    return { exception: error.javaName, message: error.message };
  }
}

test.for(recorded('refused-configs-3.8.0.json'))(
  '$name is refused as Kafka 3.8.0 refuses it',
  ({ properties, exception, message }) => {
    expect(verdictOf(properties)).toEqual({ exception, message });
  },
);

test.for(recorded('dynamic-configs-3.9.1.json'))(
  '$name: with dynamic voters the verdict is that of Kafka 3.9.1',
  ({ properties, exception, message }) => {
    expect(verdictOf(properties)).toEqual({ exception, message });
  },
);
