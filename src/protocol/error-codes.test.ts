import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { projectRoot } from '../testing/project-root.ts';
import {
  defaultErrorMessage,
  type ErrorCode,
  errorCodeOf,
  errorNameOf,
  errorNames,
  isRetriable,
} from './error-codes.ts';

const factsFile = `${projectRoot}../shared/facts/kafka-errors.json`;
interface FactError {
  readonly name: ErrorCode;
  readonly code: number;
  readonly retriable: boolean;
}

test('names and codes belong together, without gaps', () => {
  expect(errorNames.map(errorCodeOf)).toEqual(errorNames.map((_, i) => i - 1));
  for (const name of errorNames) expect(errorNameOf(errorCodeOf(name))).toBe(name);
});

test('an unknown code is an unknown server error, as in Kafka', () => {
  expect(errorNameOf(9999)).toBe('UNKNOWN_SERVER_ERROR');
});

test("the messages are those of Kafka's Errors", () => {
  expect(defaultErrorMessage('UNKNOWN_TOPIC_OR_PARTITION')).toBe(
    'This server does not host this topic-partition.',
  );
});

describe.skipIf(!existsSync(factsFile))("Kafka's errors (needs ../shared/facts)", () => {
  test('every one is here with its code, and can be retried where Kafka says so', () => {
    const facts = JSON.parse(readFileSync(factsFile, 'utf8')) as FactError[];
    const ours = errorNames.map((name) => ({
      name,
      code: errorCodeOf(name),
      retriable: isRetriable(name),
    }));
    expect(ours).toEqual(facts.map(({ name, code, retriable }) => ({ name, code, retriable })));
  });
});
