import { errorTable } from './schemas/error-table.ts';

/** Kafka's name of a protocol error. */
export type ErrorCode = keyof typeof errorTable;

/** The name's code on the wire. */
export function errorCodeOf(name: ErrorCode): number {
  return errorTable[name][0];
}

/** The code's name; UNKNOWN_SERVER_ERROR for codes that we do not know, as in Kafka. */
export function errorNameOf(code: number): ErrorCode {
  return namesByCode.get(code) ?? 'UNKNOWN_SERVER_ERROR';
}

/** What Kafka says when the other side gave no message of its own. */
export function defaultErrorMessage(name: ErrorCode): string {
  return errorTable[name][2];
}

/** Whether the same request may succeed later. */
export function isRetriable(name: ErrorCode): boolean {
  return errorTable[name][1];
}

/** Every error name, in the order of codes. */
export const errorNames = Object.keys(errorTable) as readonly ErrorCode[];

const namesByCode: ReadonlyMap<number, ErrorCode> = new Map(
  errorNames.map((name) => [errorCodeOf(name), name]),
);
