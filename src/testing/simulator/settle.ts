/**
 * Resolves when no promise is left that can settle by itself. Node runs what was asked for with `nextTick` when
 * its queue of microtasks is empty: that is sooner than `setImmediate`, and enough where nothing is real.
 */
export function noMicrotaskIsLeft(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
