import { isDeepStrictEqual } from './deep-equal.ts';
import { inspect } from './inspect.ts';

type Message = string | Error | undefined;

export class AssertionError extends Error {
  override readonly name = 'AssertionError';
  readonly code = 'ERR_ASSERTION';
  readonly actual: unknown;
  readonly expected: unknown;
  constructor(options: { message: string; actual?: unknown; expected?: unknown }) {
    super(options.message);
    this.actual = options.actual;
    this.expected = options.expected;
  }
}

function check(isTrue: boolean, message: Message, text: string, values: readonly unknown[]): void {
  if (isTrue) return;
  if (message instanceof Error) throw message;
  const [actual, expected] = values;
  throw new AssertionError({ message: message ?? text, actual, expected });
}

function ok(value: unknown, message?: Message): void {
  const text = 'The expression evaluated to a falsy value';
  check(Boolean(value), message, text, [value, true]);
}

function comparison(
  compare: (a: unknown, b: unknown) => boolean,
  text: string,
): (a: unknown, b: unknown, message?: Message) => void {
  return (actual, expected, message) => {
    const shown = `${text}\n\n${inspect(actual)} !== ${inspect(expected)}\n`;
    check(compare(actual, expected), message, shown, [actual, expected]);
  };
}

const strictEqual = comparison(Object.is, 'Expected values to be strictly equal:');
const notStrictEqual = comparison((a, b) => !Object.is(a, b), 'Expected values to differ:');
const deepStrictEqual = comparison(isDeepStrictEqual, 'Expected values to be strictly deep-equal:');
const notDeepStrictEqual = comparison(
  (a, b) => !isDeepStrictEqual(a, b),
  'Expected values not to be deep-equal:',
);
// biome-ignore lint/suspicious/noDoubleEquals: that is what it compares with
const equal = comparison((a, b) => a == b, 'Expected values to be loosely equal:');

function fail(message?: string): never {
  throw new AssertionError({ message: message ?? 'Failed' });
}

function isExpected(error: unknown, expected: unknown): boolean {
  if (expected instanceof RegExp) return expected.test(String(error));
  if (typeof expected === 'function') {
    return expected.prototype !== undefined && error instanceof (expected as new () => unknown)
      ? true
      : (expected as (error: unknown) => unknown)(error) === true;
  }
  if (typeof expected !== 'object' || expected === null) return true;
  return Object.entries(expected).every(([key, value]) => {
    const actual = (error as Record<string, unknown>)[key];
    return value instanceof RegExp ? value.test(String(actual)) : isDeepStrictEqual(actual, value);
  });
}

function throws(action: () => unknown, expected?: unknown, message?: Message): void {
  try {
    action();
  } catch (error) {
    check(isExpected(error, expected), message, `Unexpected error: ${inspect(error)}`, [error]);
    return;
  }
  fail('Missing expected exception.');
}

async function rejects(
  action: Promise<unknown> | (() => Promise<unknown>),
  expected?: unknown,
  message?: Message,
): Promise<void> {
  try {
    await (typeof action === 'function' ? action() : action);
  } catch (error) {
    check(isExpected(error, expected), message, `Unexpected error: ${inspect(error)}`, [error]);
    return;
  }
  fail('Missing expected rejection.');
}

const members = {
  AssertionError,
  ok,
  equal,
  strictEqual,
  notStrictEqual,
  deepEqual: deepStrictEqual,
  deepStrictEqual,
  notDeepStrictEqual,
  fail,
  throws,
  rejects,
  match: (text: string, pattern: RegExp, message?: Message) =>
    check(pattern.test(text), message, `${inspect(text)} does not match ${pattern}`, [
      text,
      pattern,
    ]),
};

/** `node:assert`: a function with functions. */
export const assert = Object.assign(
  (value: unknown, message?: Message) => ok(value, message),
  members,
  {
    strict: members,
  },
);
