import { JavaError } from '../tool.ts';

/** Said alone, without an exception's name; the tool ends with 1. */
export class TerseError extends Error {
  override readonly name = 'TerseError';
}

/** What Java's futures throw: the cause is in the message. */
export function executionFailed(cause: string): JavaError {
  return new JavaError('java.util.concurrent.ExecutionException', cause);
}
