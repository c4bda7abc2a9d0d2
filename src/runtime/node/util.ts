import { isDeepStrictEqual } from './deep-equal.ts';
import { format, inspect } from './inspect.ts';

type Callback = (error: unknown, value?: unknown) => void;
type AnyFunction = (...values: unknown[]) => unknown;
const customPromisify = Symbol.for('nodejs.util.promisify.custom');

/** A function with a callback as one that answers a promise. */
export function promisify(original: AnyFunction): (...values: unknown[]) => Promise<unknown> {
  const custom = (original as unknown as Record<symbol, unknown>)[customPromisify];
  if (typeof custom === 'function') return custom as (...values: unknown[]) => Promise<unknown>;
  return function promisified(this: unknown, ...values: unknown[]) {
    return new Promise((resolve, reject) => {
      const done: Callback = (error, value) => (error ? reject(error) : resolve(value));
      original.call(this, ...values, done);
    });
  };
}
promisify.custom = customPromisify;

export function callbackify(original: (...values: unknown[]) => Promise<unknown>): AnyFunction {
  return (...values) => {
    const done = values.pop() as Callback;
    original(...values).then(
      (value) => queueMicrotask(() => done(null, value)),
      (error: unknown) => queueMicrotask(() => done(error)),
    );
  };
}

export function inherits(child: AnyFunction, parent: AnyFunction): void {
  Object.defineProperty(child, 'super_', {
    value: parent,
    writable: true,
    configurable: true,
  });
  Object.setPrototypeOf(child.prototype, parent.prototype as object);
}

export function deprecate<T>(original: T): T {
  return original;
}

export function debuglog(): () => void {
  return () => {};
}

export function stripVTControlCharacters(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with one
  return text.replace(/\x1b\[[0-9;]*[A-Za-z]/g, '');
}

export const types = {
  isDate: (value: unknown) => value instanceof Date,
  isMap: (value: unknown) => value instanceof Map,
  isNativeError: (value: unknown) => value instanceof Error,
  isPromise: (value: unknown) => value instanceof Promise,
  isRegExp: (value: unknown) => value instanceof RegExp,
  isSet: (value: unknown) => value instanceof Set,
  isTypedArray: (value: unknown) => ArrayBuffer.isView(value) && !(value instanceof DataView),
  isUint8Array: (value: unknown) => value instanceof Uint8Array,
};

const { TextDecoder, TextEncoder } = globalThis;

export { format, inspect, isDeepStrictEqual, TextDecoder, TextEncoder };
