import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseConfigValue } from './config-definition.ts';
import { brokerConfigs } from './schemas/broker-configs.ts';
import { topicConfigs } from './schemas/topic-configs.ts';

interface Recorded {
  readonly values: readonly string[];
  readonly configs: readonly {
    readonly kind: 'topic' | 'broker';
    readonly name: string;
    readonly errors: Readonly<Record<string, string>>;
  }[];
}

const file = new URL('./testdata/kafka-3.8.0/config-validation.json', import.meta.url);
const recorded = JSON.parse(readFileSync(file, 'utf8')) as Recorded;

describe('values are taken and refused in the words of Kafka 3.8.0', () => {
  test.for(recorded.configs)('$kind config $name', ({ kind, name, errors }) => {
    const definition = (kind === 'topic' ? topicConfigs : brokerConfigs).get(name);
    if (definition === undefined) throw new TypeError(`no config ${name}`);
    const ours: Record<string, string> = {};
    for (const value of recorded.values) {
      const parsed = parseConfigValue(definition, value);
      if (parsed.kind === 'invalid') ours[value] = parsed.message.replace('Invalid value ', '');
    }
    expect(ours).toEqual(errors);
  });
});

test("every default is a value that its own config takes, but Kafka's own empty ones", () => {
  for (const definition of [...topicConfigs.values(), ...brokerConfigs.values()]) {
    if (definition.defaultValue === null || definition.defaultValue === '') continue;
    expect(parseConfigValue(definition, definition.defaultValue)).toMatchObject({ kind: 'valid' });
  }
});

test('topic configs have their broker synonyms in the order in which they count', () => {
  expect(topicConfigs.get('retention.ms')?.synonyms).toEqual([
    { name: 'log.retention.ms', factor: 1 },
    { name: 'log.retention.minutes', factor: 60_000 },
    { name: 'log.retention.hours', factor: 3_600_000 },
  ]);
  const names = [...topicConfigs.values()].flatMap(({ synonyms }) =>
    synonyms.map(({ name }) => name),
  );
  for (const name of names) expect(brokerConfigs.has(name), name).toBe(true);
});
