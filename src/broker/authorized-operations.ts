/**
 * What every principal may do, as bit fields of `AclOperation`: there is no authorizer, so everything that
 * the kind of resource knows.
 */
export const authorizedOperations = {
  topic: bitsOf(3, 4, 5, 6, 7, 8, 10, 11),
  group: bitsOf(3, 6, 8),
  cluster: bitsOf(5, 7, 8, 9, 10, 11, 12),
  /** The client did not ask. */
  unknown: -2_147_483_648,
} as const;

function bitsOf(...operations: readonly number[]): number {
  return operations.reduce((bits, operation) => bits | (1 << operation), 0);
}
