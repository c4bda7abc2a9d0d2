import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { ControllerHarness } from '../testing/controller/controller-harness.ts';
import {
  ControllerScript,
  type RequestOf,
  type ResponseOf,
  type ScriptCall,
} from '../testing/controller/controller-script.ts';
import { tellStory } from '../testing/controller/controller-story.ts';

interface Step {
  readonly case: string;
  readonly response: unknown;
  readonly records: readonly unknown[];
}
const linesOf = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Step);

// What Apache Kafka 3.8.0 answered and wrote; the interop test of the same story keeps it true.
const fixture = new URL('./testdata/kafka-3.8.0/controller-story.jsonl', import.meta.url);
const expected = linesOf(readFileSync(fixture, 'utf8'));

describe("a cluster's brokers, moves, elections and features are decided as by Kafka 3.8.0", () => {
  let steps: readonly Step[] = [];

  beforeAll(async () => {
    const node = new ControllerHarness({ isCombined: false, sessionTimeoutMs: 600_000 });
    const controller = await node.start();
    const script = new ControllerScript({
      // Each call goes with its own request and response; TypeScript cannot follow that here.
      ask: async <K extends ScriptCall>(call: K, request: RequestOf<K>) =>
        (await (controller[call] as (request: unknown) => Promise<unknown>)(
          request,
        )) as ResponseOf<K>,
      image: () => controller.image,
      records: () => node.records(),
    });
    await tellStory(script);
    steps = linesOf(script.transcript());
  });

  test.each(expected.map((step, i) => [i, step.case, step] as const))('%i: %s', (i, _, step) => {
    expect(steps[i]).toEqual(step);
  });
});
