/** A measurement that could not be taken, and why. */
export class BenchError extends Error {
  override readonly name = 'BenchError';
}
