/** Our own bug: a broken invariant. Never caught, never thrown for what the world did wrong. */
export class AssertionError extends Error {
  override readonly name = 'AssertionError';
}

/** States an invariant; the message says what always holds. */
export function assert(condition: boolean, invariant: string): asserts condition {
  if (!condition) throw new AssertionError(invariant);
}

/** Closes an exhaustive switch: the type checker proves that no value gets here. */
export function unreachable(value: never): never {
  throw new AssertionError(`unreachable value: ${JSON.stringify(value)}`);
}
